/** A damaged log has the same figures or fewer, each missing one named, or is refused; it never has other figures. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BootLogError } from "../../apps/bootlog/error.js";
import type { GivenFigures } from "../../apps/bootlog/layout.js";
import { readBootLog } from "../../apps/bootlog/read.js";
import { figuresOf, madeLog } from "../support/boot-logs.js";
import { runs } from "../support/seed.js";

type Mutation = (lines: readonly string[]) => string[];

/** A place in a text, as a fraction of its length. Integers are drawn evenly, doubles are not. */
const place = fc.nat(9999).map((part) => part / 10_000);

const at = (items: { readonly length: number }, fraction: number): number => Math.floor(fraction * items.length);

const cut: fc.Arbitrary<Mutation> = place.map(
  (where) => (lines) => lines.filter((_, index) => index !== at(lines, where)),
);

const cutHead: fc.Arbitrary<Mutation> = place.map((where) => (lines) => lines.slice(at(lines, where)));

const cutTail: fc.Arbitrary<Mutation> = place.map((where) => (lines) => lines.slice(0, at(lines, where)));

const double: fc.Arbitrary<Mutation> = place.map(
  (where) => (lines) => lines.flatMap((line, index) => (index === at(lines, where) ? [line, line] : [line])),
);

const move: fc.Arbitrary<Mutation> = fc.tuple(place, place).map(([from, to]) => (lines) => {
  const moved = [...lines];
  const [line = ""] = moved.splice(at(lines, from), 1);
  moved.splice(at(lines, to), 0, line);
  return moved;
});

/** Mini-OS ends these lines with the figure: a lost digit cannot be seen, unless another line has the figure, too. */
const ENDS_WITH_FIGURE = /(?:nr_pages|max_pfn): /;

const truncate: fc.Arbitrary<Mutation> = fc.tuple(place, place).map(
  ([where, column]) =>
    (lines) =>
      lines.map((line, index) =>
        index === at(lines, where) && !ENDS_WITH_FIGURE.test(line) ? line.slice(0, at(line, column)) : line,
      ),
);

const fold: fc.Arbitrary<Mutation> = fc
  .integer({ min: 50, max: 100 })
  .map((width) => (lines) => lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, "g")) ?? [""]));

const prefix: fc.Arbitrary<Mutation> = fc
  .constantFrom("> ", "> > ", "\x1b[32m", "kernel: ", "Mar  3 09:14:07 web1 kernel: ", "[2020-09-13 12:08:54] ")
  .map((text) => (lines) => lines.map((line) => text + line));

const json: fc.Arbitrary<Mutation> = fc.constant((lines) => lines.map((line) => JSON.stringify({ MESSAGE: line })));

const ends: fc.Arbitrary<Mutation> = fc.constant((lines) => lines.map((line) => `${line}\r`));

const mutations = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: cut },
    { weight: 1, arbitrary: cutHead },
    { weight: 1, arbitrary: cutTail },
    { weight: 2, arbitrary: truncate },
    { weight: 3, arbitrary: double },
    { weight: 3, arbitrary: move },
    { weight: 1, arbitrary: fold },
    { weight: 1, arbitrary: prefix },
    { weight: 1, arbitrary: json },
    { weight: 1, arbitrary: ends },
  ),
  { minLength: 1, maxLength: 6 },
);

/** The keys that a missing figure is named by. */
const KEYS: Readonly<Record<string, string>> = {
  ramPages: "ram_pages",
  nrPages: "nr_pages",
  maxPfn: "max_pfn",
  released: "released",
  remapped: "remapped",
  highmemStart: "highmem_start",
  holes: "hole",
  extraRegions: "extra",
};

const LOGS: readonly (readonly [name: string, given: GivenFigures])[] = [
  ["pv-domU-linux3.1", { nrPages: 262144 }],
  ["pv-dom0-linux3.9", {}],
  ["pv-dom0-linux3.10-two-ranges", {}],
  ["pv-dom0-linux3.18", {}],
  ["pv-domU-linux6.1-remapped", { nrPages: 1048576 }],
  ["pv-domU-32bit-linux2.6.38", { nrPages: 262144 }],
  ["pv-domU-classic-i386", { nrPages: 391168 }],
  ["pv-domU-pvgrub-linux3.14", {}],
  ["hvm-linux4.9", {}],
  ["hvm-linux3.5-beside-xl-dmesg", {}],
  ["pvh-linux6.8-no-map", {}],
];

describe("a log with lines cut, doubled, moved, folded and wrapped", () => {
  test.each(LOGS)("%s", (name, given) => {
    const text = madeLog(name);
    const whole = figuresOf(readBootLog(text, given));
    fc.assert(
      fc.property(mutations, (steps) => {
        const mutated = steps
          .reduce<readonly string[]>((lines, step) => step(lines), text.trimEnd().split("\n"))
          .join("\n");
        let layout: ReturnType<typeof readBootLog>;
        try {
          layout = readBootLog(mutated, given);
        } catch (error) {
          if (error instanceof BootLogError) return;
          throw error;
        }
        const named = layout.missing.map(({ key }) => key);
        for (const [figure, value] of Object.entries(figuresOf(layout))) {
          if (value !== undefined) expect({ [figure]: value, mutated }).toEqual({ [figure]: whole[figure], mutated });
          else if (whole[figure] !== undefined && KEYS[figure] !== undefined) expect(named).toContain(KEYS[figure]);
        }
      }),
      runs(100),
    );
  });
});
