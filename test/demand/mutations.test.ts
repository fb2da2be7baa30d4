/**
 * Demand files whose lines were cut, lost, doubled, reordered or written otherwise. They give the same figures, or a
 * refusal, or fewer rows that are counted; never other figures.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DemandError } from "../../apps/demand/demand-error.js";
import { type Demand, readDemand } from "../../apps/demand/read.js";
import { runs } from "../support/seed.js";

/** A way to write rows. The last field is no figure, so that a row that is cut anywhere has fewer fields. */
interface Style {
  readonly head: string;
  row(minute: number, vm: number, kib: number): string;
}

const clock = (minute: number): string => new Date(Date.UTC(2024, 1, 29, 22) + minute * 60_000).toISOString();
const day = (minute: number): string => clock(minute).slice(0, 10);
const time = (minute: number): string => clock(minute).slice(11, 19);

const STYLES: readonly Style[] = [
  { head: "time_min,vm,used_kib,note", row: (minute, vm, kib) => `${minute},g${vm},${kib},ok` },
  { head: "timestamp\tpod\tused\tnote", row: (minute, vm, kib) => `${clock(minute)}\tp${vm}\t${kib} KiB\tok` },
  {
    head: "Date;Time;Domain ID;Memory usage [KB];state",
    row: (minute, vm, kib) => `${day(minute)};${time(minute)};${vm};${kib},0;"on"`,
  },
  { head: "box,time_min,used_kib,note", row: (minute, vm, kib) => `b${vm},${minute},${kib},ok` },
  {
    head: "# hostname;interval;timestamp;kbmemfree;kbmemused;%memused;kbdirty",
    row: (minute, vm, kib) => `h${vm};60;${clock(minute).slice(0, 19).replace("T", " ")} UTC;1;${kib};5.00;x`,
  },
];

/** Changes a list of lines, of which the first is the header. */
type Mutation = (lines: readonly string[]) => readonly string[];

const line = fc.nat(1000);
const at = (lines: readonly string[], i: number): number => i % lines.length;
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // a line is cut within
  fc.tuple(line, fc.double({ min: 0, max: 0.99, noNaN: true })).map(([i, part]) => (lines: readonly string[]) => {
    const which = at(lines, i);
    return lines.map((text, k) => (k === which ? text.slice(0, Math.floor(text.length * part)) : text));
  }),
  // a line is lost
  line.map((i) => (lines: readonly string[]) => lines.filter((_, k) => k !== at(lines, i))),
  // the end is lost
  line.map((i) => (lines: readonly string[]) => lines.slice(0, at(lines, i) + 1)),
  // a line is doubled, here or elsewhere
  fc.tuple(line, line).map(
    ([i, j]) =>
      (lines: readonly string[]) =>
        lines.toSpliced(at(lines, j) + 1, 0, lines[at(lines, i)]),
  ),
  // the file is there twice
  fc.constant((lines: readonly string[]) => [...lines, ...lines]),
  // two lines change places
  fc.tuple(line, line).map(([i, j]) => (lines: readonly string[]) => {
    const [a, b] = [at(lines, i), at(lines, j)];
    return lines.with(a, lines[b]).with(b, lines[a]);
  }),
  // the newest first
  fc.constant(([head, ...rows]: readonly string[]) => [head, ...rows.reverse()]),
  // fields in quotes, spaces around, blank lines, comments
  line.map((i) => (lines: readonly string[]) => lines.with(at(lines, i), ` ${lines[at(lines, i)]}  `)),
  line.map((i) => (lines: readonly string[]) => lines.toSpliced(at(lines, i) + 1, 0, "", "# a comment")),
  fc.constant((lines: readonly string[]) => lines.map((text) => text.replace(/(?<=[,;\t])(\w+)(?=[,;\t])/g, '"$1"'))),
);

/** Encodes the text of lines in another way. */
const encoding = fc.constantFrom<(lines: readonly string[]) => string>(
  (lines) => `${lines.join("\n")}\n`,
  (lines) => `${lines.join("\r\n")}\r\n`,
  (lines) => `\ufeff${lines.join("\n")}\n`,
  (lines) => Buffer.from(`${lines.join("\n")}\n`, "utf16le").toString("utf8"),
);

/** A row as it was written, before any change. */
interface Written {
  readonly minute: number;
  readonly vm: number;
  readonly kib: number;
}

/** True: every point is a row that was written, at its time after another, and no guest has rows of another. */
function isPartOf({ guests }: Demand, written: readonly Written[]): boolean {
  const first = Math.min(...guests.map(({ points }) => points[0].timeMs));
  // dates count from the earliest row that is left, which may be any
  return written.some((start) => {
    const offset = start.minute * 60_000 - first;
    return guests.every(({ vm, points }) =>
      [0, 1].some(
        (number) =>
          (vm === "" || vm.endsWith(String(number))) &&
          points.every(({ timeMs }, i) => i === 0 || timeMs > points[i - 1].timeMs) &&
          points.every(({ timeMs, usedPages }) =>
            written.some(
              (row) => row.vm === number && row.minute * 60_000 === timeMs + offset && row.kib / 4 === usedPages,
            ),
          ),
      ),
    );
  });
}

test("a demand file that was changed gives the same figures, fewer that are counted, or a refusal", () => {
  const pages = fc.integer({ min: 1, max: 100_000 });
  const minutes = fc.array(fc.tuple(pages, fc.option(pages)), { minLength: 2, maxLength: 6 });
  const outcomes = { same: 0, fewer: 0, refused: 0 };
  const property = fc.property(
    fc.constantFrom(...STYLES),
    minutes,
    fc.array(mutation, { minLength: 1, maxLength: 3 }),
    encoding,
    (style, drawn, mutations, encode) => {
      const written = drawn.flatMap((both, minute): Written[] =>
        both.flatMap((one, vm) => (one === null ? [] : { minute, vm, kib: 4 * one })),
      );
      const lines = [style.head, ...written.map(({ minute, vm, kib }) => style.row(minute, vm, kib))];
      const changed = mutations.reduce<readonly string[]>((text, mutate) => mutate(text), lines);
      let demand: Demand;
      try {
        demand = readDemand(encode(changed));
      } catch (error) {
        expect(error).toBeInstanceOf(DemandError);
        outcomes.refused++;
        return;
      }
      expect(isPartOf(demand, written), demand.reading).toBe(true);
      const points = demand.guests.reduce((sum, guest) => sum + guest.points.length, 0);
      const [, used] = /; (\d+) of \d+ rows? used/.exec(demand.reading) ?? [];
      expect(Number(used)).toBe(points);
      outcomes[points === written.length ? "same" : "fewer"]++;
    },
  );
  fc.assert(property, runs(2000));
  // the property is of use only where each of these comes about
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(20);
});
