/** The report of a host as its readers get it: answer, tables, charts, failures, assumptions and files. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RanCase, RanPlan } from "../../apps/host/report/cases.js";
import { hostReport, hostReportFiles } from "../../apps/host/report/document.js";
import type { Block, LineChart, SeriesChart, Table } from "../../apps/study/report/document.js";
import type { HostOutcome } from "../../src/toolstack/outcome.js";
import type { Reason } from "../../src/toolstack/xen.js";
import {
  absentGuest,
  caseOf,
  failedCase,
  GIB_KIB,
  HOUR_MS,
  type MadeGuest,
  optionsOf,
  outcomeOf,
  ranPlan,
  refusalOf,
} from "../support/host-outcomes.js";
import { runs } from "../support/seed.js";

const REPEAT: Block = { kind: "command", text: "npx xen-balloon host plan.yaml" };
const SIZES = [48, 64, 96];

/** Guests that each miss `missing` GiB in the second of three hours, the last most. */
function guestsShortOf(missing: number, count = 3): MadeGuest[] {
  return Array.from({ length: count }, (_, at) => {
    const short = (missing * (at + 1)) / count;
    const [used, held] = [
      [1, 2 + short, 1],
      [1.5, 2, 2],
    ].map((gibs) => gibs.map((gib) => Math.round(gib * GIB_KIB)));
    return {
      name: `web${at + 1}`,
      usedKib: used,
      heldKib: held,
      minimumKib: GIB_KIB,
      maximumKib: 4 * GIB_KIB,
      reasons: "moving",
    };
  });
}

function outcome(policy: string, gib: number, missing: number, change: Partial<HostOutcome> = {}): HostOutcome {
  return outcomeOf(guestsShortOf(missing), { policy, totalKib: gib * GIB_KIB, ...change });
}

/** qmemman is enough from 64 GiB on, keep on no size. */
const GRID: readonly RanCase[] = SIZES.flatMap((gib) => [
  caseOf(outcome("keep", gib, 1.5, { targetWrites: 0, pagesMoved: 0 })),
  caseOf(outcome("qmemman", gib, gib < 64 ? 0.5 : 0, { targetWrites: 1200 })),
]);

function sectionsOf(plan: RanPlan): ReadonlyMap<string, readonly Block[]> {
  return new Map(hostReport(plan, [REPEAT]).sections.map(({ heading, blocks }) => [heading, blocks]));
}

const blocksOf = (plan: RanPlan, heading: string): readonly Block[] => sectionsOf(plan).get(heading) ?? [];
const tablesIn = (blocks: readonly Block[]): Table[] => blocks.filter((block) => block.kind === "table");
const texts = (blocks: readonly Block[]): string[] =>
  blocks.flatMap((block) => (block.kind === "paragraph" || block.kind === "warning" ? [block.text] : []));
const rowsOf = ({ rows }: Table): string[][] => rows.map((row) => row.map(({ text }) => text));

describe("the answer", () => {
  test("is the least enough size of each policy, the guest that is worst off and what the policies differ in", () => {
    const [sizes, worst, differ] = texts(blocksOf(ranPlan(GRID), "Answer"));
    expect(sizes).toBe(
      "Every guest starts and none is ever short of memory on 64 GiB under qmemman. Under keep none of the sizes from 48 GiB to 96 GiB is enough; on 96 GiB 3 of 3 guests are short, by 3.00 GiB·h in all, most of it for the reason “moving”.",
    );
    expect(worst).toBe(
      "Worst off on 64 GiB, under keep: web3 was short for 1 h, of 1.5 GiB at worst, because its pages were on their way: moving them takes time.",
    );
    expect(differ).toBe(
      "In 3 h on 64 GiB, keep leaves most shortage, 3.00 GiB·h, and qmemman least, 0 GiB·h; qmemman writes most, 1,200 targets; moving the memory takes 1.69–33.8 s of CPU time.",
    );
  });

  test("names what is missing besides: refusals, guests that ended or never ran", () => {
    const guests = [
      ...guestsShortOf(0, 1),
      { ...guestsShortOf(0, 2)[1], other: { ended: "kernel BUG" } },
      absentGuest("late", 3),
    ];
    const first = (starts: HostOutcome["starts"]) =>
      texts(blocksOf(ranPlan([caseOf(outcomeOf(guests, { starts }))]), "Answer"))[0];
    expect(first([refusalOf("late")])).toBe(
      "Under squeezed 64 GiB is not enough; on 64 GiB 1 start is refused and 1 ended before its time.",
    );
    expect(first([])).toBe("Under squeezed 64 GiB is not enough; on 64 GiB 1 ended before its time and 1 never runs.");
  });

  test("of one policy compares nothing", () => {
    const plan = ranPlan([caseOf(outcome("qmemman", 64, 0, { targetWrites: 5, pagesMoved: 1e6 }))]);
    expect(texts(blocksOf(plan, "Answer")).slice(0, 2)).toEqual([
      "Every guest starts and none is ever short of memory on 64 GiB under qmemman.",
      "In 3 h on 64 GiB, qmemman leaves 0 GiB·h of shortage and writes 5 targets; moving the memory takes 4.30–86.0 s of CPU time.",
    ]);
  });

  test("is drawn as the frontier: a line a policy, a point a size, and a band where both speeds were run", () => {
    const slow = GRID.map(({ outcome }) => caseOf({ ...(outcome as HostOutcome), usPerPage: 86 }));
    const worse = caseOf(outcome("qmemman", 48, 1, { usPerPage: 86 }));
    const cases = [...GRID, ...slow.map((one) => (one.id === worse.id ? worse : one))];
    const charts = blocksOf(ranPlan(cases), "Answer").filter((block): block is LineChart => block.kind === "lines");
    expect(charts.map(({ yLabel }) => yLabel)).toEqual([
      "shortage, GiB·h",
      "shortage of one guest, GiB·h",
      "hours short, h",
      "guests",
    ]);
    const [, qmemman] = charts[0].lines;
    expect(qmemman.label).toBe("qmemman");
    expect(qmemman.points.map(({ x }) => x)).toEqual(SIZES);
    expect(qmemman.points[0].y.low).toBeCloseTo(1, 5);
    expect(qmemman.points[0].y.high).toBeCloseTo(2, 5);
    expect(qmemman.points[2].y).toEqual({ value: 0, low: 0, high: 0 });
    expect(texts(blocksOf(ranPlan(cases), "Answer"))).toContain(
      "Lines: drivers move a page in 4.3 µs. Bands reach to what comes of 86 µs.",
    );
    const partial = cases.filter(({ id }) => id !== "keep-48 GiB-4.3" && id !== "keep-64 GiB-4.3");
    expect(texts(blocksOf(ranPlan(partial), "Answer"))).toContain(
      "Lines: drivers move a page in 4.3 µs. Bands reach to what comes of 86 µs. But keep on 48 GiB and 64 GiB is of 86 µs alone.",
    );
  });
});

describe("cases that failed", () => {
  const failed = failedCase(outcome("qmemman", 96, 0), "guests: they do not fit");
  const stopped = caseOf(outcome("squeezed", 64, 0, { policyFailure: "squeezed failed at 9 ms: oops" }));
  const plan = ranPlan([...GRID.slice(0, 5), failed, stopped]);

  test("are named with their reason before the answer, and left out of it", () => {
    const [warning, ...others] = texts(blocksOf(plan, "Answer"));
    expect(warning).toBe(
      "2 of 7 cases failed, and the answer leaves them out.\npolicy qmemman, host 96 GiB, usPerPage 4.3: guests: they do not fit.\npolicy squeezed, host 64 GiB, usPerPage 4.3: squeezed failed at 9 ms: oops; the guests ran on without it.",
    );
    expect(others.join(" ")).not.toContain("squeezed");
    expect(rowsOf(tablesIn(blocksOf(plan, "Answer"))[0])[2]).toEqual([
      "squeezed",
      ...Array.from({ length: 7 }, () => "not run"),
    ]);
    expect(rowsOf(tablesIn(blocksOf(plan, "Failures"))[0])).toHaveLength(2);
  });

  test("all of them leave nothing to say, and nothing is said", () => {
    const nothing = ranPlan([failed]);
    expect(texts(blocksOf(nothing, "Answer"))[1]).toBe("Every case failed: there is nothing to say of any policy.");
    expect([...sectionsOf(nothing).keys()]).toEqual([
      "Question",
      "Answer",
      "Failures",
      "What this does not show",
      "Assumptions",
      "Repeat and cite",
    ]);
  });
});

describe("the guests", () => {
  test("have a row each, the worst first, with what they asked and got", () => {
    const [keep, qmemman] = tablesIn(blocksOf(ranPlan(GRID), "Guests"));
    expect(keep.caption).toBe("Table 2. The guests under keep on 64 GiB.");
    expect(keep.columns.map(({ heading }) => heading)).toEqual([
      "guest",
      "asked",
      "got",
      "short, GiB·h",
      "short for",
      "at worst",
      "at or below minimum for",
      "times",
      "moved",
      "reason",
    ]);
    const [worst, , least] = rowsOf(keep);
    expect(worst).toEqual([
      "web3",
      "1.83 GiB",
      "1.33 GiB",
      "1.50",
      "1 h",
      "1.5 GiB",
      "never",
      "0",
      "512 MiB",
      "moving",
    ]);
    expect(least[0]).toBe("web1");
    expect(rowsOf(qmemman)[0].slice(3, 6)).toEqual(["0", "never", "0"]);
    expect(rowsOf(qmemman)[0].at(-1)).toBe("");
  });

  test("of more than ten the worst ten are shown, and how the others spread", () => {
    const guests = guestsShortOf(2.4, 24);
    const [table] = tablesIn(blocksOf(ranPlan([caseOf(outcomeOf(guests))]), "Guests"));
    expect(table.caption).toContain("the 10 worst off, and the spread of the other 14");
    const rows = rowsOf(table);
    expect(rows).toHaveLength(13);
    expect(rows[0][0]).toBe("web24");
    expect(rows.slice(10).map((row) => [row[0], row[5]])).toEqual([
      ["others:\u00a0most", "1.4 GiB"],
      ["others:\u00a0median", "768 MiB"],
      ["others:\u00a0least", "102 MiB"],
    ]);
  });

  test("that never ran have no figures", () => {
    const plan = ranPlan([caseOf(outcomeOf([...guestsShortOf(1, 1), absentGuest("late", 3)]))]);
    const files = hostReportFiles(plan, [REPEAT]);
    const [late] = rowsOf(tablesIn(blocksOf(plan, "Guests"))[0]);
    expect(late.slice(0, 3)).toEqual(["late", "never ran", "–"]);
    for (const text of Object.values(files)) expect(text).not.toMatch(/NaN|Infinity|∞|undefined|null/);
  });
});

test("starts have a table: when they were asked for, how long the answer took, and what it brought", () => {
  const starts = [
    refusalOf("web1", { atMs: HOUR_MS, waitedMs: 30_000 }),
    refusalOf("web2", { atMs: 2 * HOUR_MS, grantedKib: GIB_KIB, reason: null }),
  ];
  const asked = caseOf(outcome("keep", 64, 2, { starts }));
  const table = tablesIn(blocksOf(ranPlan([asked, caseOf(outcome("fits", 64, 2))]), "Guests")).at(-1) as Table;
  expect(table.caption).toMatch(/Starts under keep on 64 GiB\.$/);
  expect(rowsOf(table).map((cells) => cells.slice(0, 5))).toEqual([
    ["web1", "1 h", "30 s", "4 GiB", "refused"],
    ["web2", "2 h", "at once", "4 GiB", "1 GiB"],
  ]);
  const many = Array.from({ length: 12 }, (_, i) => refusalOf(`web${i}`, { waitedMs: i * 1000 }));
  const [, longest] = tablesIn(blocksOf(ranPlan([caseOf(outcome("keep", 64, 2, { starts: many }))]), "Guests"));
  expect(longest.caption).toContain("the 10 of 12 that waited longest");
  expect(rowsOf(longest)).toHaveLength(10);
});

test("the time lines stand side by side on one scale, with starts and refusals", () => {
  const starts = [
    refusalOf("late", { atMs: HOUR_MS, waitedMs: 30_000 }),
    refusalOf("soon", { atMs: 2 * HOUR_MS, grantedKib: GIB_KIB, reason: null }),
  ];
  const cases = [caseOf(outcome("keep", 64, 1, { starts })), caseOf(outcome("fits", 64, 0))];
  const charts = blocksOf(ranPlan(cases), "Over time") as readonly SeriesChart[];
  expect(charts.map(({ caption }) => caption)).toEqual([
    "Figure 5. The memory of the host under keep, 64 GiB.",
    "Figure 6. The memory of the host under fits, 64 GiB.",
  ]);
  expect(new Set(charts.map(({ yMost }) => yMost))).toEqual(new Set([59.5]));
  expect(charts[0].curves.map(({ label, values }) => [label, values[1]])).toEqual([
    ["free", 58],
    ["used, all guests", 8],
    ["target", 6],
    ["held", 6],
  ]);
  expect(charts[0].events).toEqual([
    { label: "start", timesMs: [2 * HOUR_MS] },
    { label: "refused start", timesMs: [HOUR_MS + 30_000] },
  ]);
});

describe("the reasons", () => {
  test("have their part of the shortage under each policy, and the words of each guest", () => {
    const blocks = blocksOf(ranPlan(GRID), "Reasons");
    const [table] = tablesIn(blocks);
    expect(rowsOf(table)).toEqual([["moving", "3.00 (3)", "0"]]);
    expect(table.note).toBe("Moving: its pages were on their way: moving them takes time.");
    expect(texts(blocks)).toEqual(["Under keep:", "Under qmemman every guest started and none was ever short."]);
    const [list] = blocks.filter((block) => block.kind === "list");
    expect(list.items).toHaveLength(3);
  });

  test("of many guests are folded after the first ones, and none is lost", () => {
    const plan = ranPlan([caseOf(outcomeOf(guestsShortOf(2, 12)))]);
    const sections = hostReport(plan, [REPEAT]).sections;
    const items = sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === "list" ? block.items : [])),
    );
    expect(items).toHaveLength(12);
    expect(sections.find(({ isFolded }) => isFolded)?.heading).toBe("The other guests that were short, in words");
  });

  test("that nobody gave are called so", () => {
    const [guest] = guestsShortOf(1, 1);
    const { reasons: _, ...unexplained } = guest;
    expect(rowsOf(tablesIn(blocksOf(ranPlan([caseOf(outcomeOf([unexplained]))]), "Reasons"))[0])).toEqual([
      ["no reason given", "1.00 (1)"],
    ]);
  });
});

test("the bill has a band of CPU time, from the fastest run at one end to the slowest at the other", () => {
  const cases = [4.3, 86].map((usPerPage) =>
    caseOf(outcome("qmemman", 64, 0, { usPerPage, pagesMoved: usPerPage < 10 ? 2e6 : 1e6, targetWrites: 100 })),
  );
  const [bill] = tablesIn(blocksOf(ranPlan(cases), "The bill"));
  const headings = bill.columns.map(({ heading }) => heading);
  const row = Object.fromEntries(rowsOf(bill)[0].map((text, at) => [headings[at], text]));
  expect(row).toMatchObject({
    policy: "qmemman",
    host: "64 GiB",
    "target writes": "100",
    moved: "3.81–7.63 GiB",
    "CPU on Xen, s": "8.60–86.0",
    "CPU on Xen, % of one core": "0.0796–0.796",
    "least free memory": "58 GiB",
  });
});

describe("the assumptions", () => {
  const rowsBy = (plan: RanPlan): ReadonlyMap<string, string> =>
    new Map(rowsOf(tablesIn(blocksOf(plan, "Assumptions"))[0]).map(([of, assumed]) => [of, assumed]));

  test("have every parameter of the model that was used", () => {
    const made = outcome("qmemman", 64, 0);
    const options = optionsOf(made);
    const [first, ...others] = options.guests;
    const rows = rowsBy(
      ranPlan(
        [
          caseOf(made, {
            options: {
              ...options,
              guests: [{ ...first, balloons: false }, { ...others[0], reports: false, driver: "2013" }, others[1]],
              pressure: {
                ...options.pressure,
                shortage: "kills",
                killAfterMs: 30_000,
                cacheShare: 0.5,
                pressShare: 0.1,
              },
            },
          }),
        ],
        { vectors: [{ policy: "qmemman", passed: 118, of: 119 }] },
      ),
    );
    expect(rows.get("what a shortage does")).toContain(
      "after 30 s of shortage the OOM killer ends programs that have 25.0 %",
    );
    expect(rows.get("page cache")).toContain("50.0 %");
    expect(rows.get("pressing")).toContain("10.0 %");
    expect(rows.get("guests")).toBe(
      "3, 2 hvm with the driver of today and 1 hvm with the driver of 2013; at the start 4 GiB each, 12 GiB in all, at most 4 GiB each, 12 GiB in all.",
    );
    expect(rows.get("boot")).toMatch(/^A guest that is not pv sees all of its greatest size.*counted as moved\.$/);
    expect(rows.get("floors")).toContain("1 GiB each, 3 GiB in all");
    expect(rows.get("guests without a part in it")).toBe(
      "No balloon driver and no agent: web1. No report of the memory in use: web2.",
    );
    expect(rows.get("policy qmemman")).toBe("It gives 118 of 119 recorded answers of the real one.");
    expect(rows.get("CPU time on Xen")).toContain("4.3 to 86 µs a page");
    expect(rows.get("demand")).toBe("week.csv: 40 guests, a row every 5 min");
  });

  test("say which differ by case, and which policy was compared with nothing", () => {
    const made = outcome("mine", 64, 0);
    const { pressure } = optionsOf(made);
    const swapping = optionsOf(made, { pressure: { ...pressure, shortage: "swaps" } });
    const rows = rowsBy(
      ranPlan([
        caseOf(made),
        caseOf({ ...made, totalKib: 96 * GIB_KIB }, { options: { ...swapping, totalKib: 96 * GIB_KIB } }),
      ]),
    );
    expect(rows.get("what a shortage does")).toBe(
      "By case: waits: programs wait for the memory that is missing. Or: swaps: what is missing is on disk; it goes there and comes back at 100 MiB a second.",
    );
    expect(rows.get("policy mine")).toBe("It was compared with no recorded answers of a real one.");
  });
});

test("tells numbers and nothing else, whatever came of the run", () => {
  const gib = fc.integer({ min: 0, max: 40 }).map((tenths) => Math.round((tenths / 10) * GIB_KIB));
  const slices = fc.array(gib, { minLength: 2, maxLength: 2 });
  const guest = fc.record({
    usedKib: slices,
    heldKib: slices,
    reasons: fc.constantFrom<Reason>("moving", "maxmem", "demand-unseen", "not-reporting"),
    ran: fc.boolean(),
  });
  const made = fc.record({
    policy: fc.constantFrom("keep", "qmemman"),
    size: fc.constantFrom(8, 16),
    guests: fc.array(guest, { maxLength: 12 }),
    fails: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(made, { minLength: 1, selector: ({ policy, size }) => policy + size }), (hosts) => {
      const cases = hosts.map(({ policy, size, guests, fails }) => {
        const named = guests.map(({ ran, ...rest }, at) =>
          ran ? { name: `g${at}`, ...rest } : absentGuest(`g${at}`, 2),
        );
        const one = outcomeOf(named, { policy, totalKib: size * GIB_KIB });
        return fails ? failedCase(one, "no") : caseOf(one);
      });
      const files = hostReportFiles(ranPlan(cases), [REPEAT]);
      for (const text of Object.values(files)) expect(text).not.toMatch(/NaN|Infinity|∞|undefined|null/);
    }),
    runs(50),
  );
});

describe("the files", () => {
  const starts = [refusalOf("late", { words: 'no, "never"' })];
  const cases = [caseOf(outcome("keep", 48, 1, { starts })), failedCase(outcome("fits", 48, 0), "it does not fit")];
  const files = hostReportFiles(ranPlan(cases, { reading: ["Read this."] }), [REPEAT]);
  const linesOf = (name: string): string[] => files[name].trimEnd().split("\n");

  test("are a page, a Markdown file and the CSVs", () => {
    expect(Object.keys(files)).toEqual([
      "report.html",
      "report.md",
      "measures.csv",
      "guests.csv",
      "reasons.csv",
      "sentences.csv",
      "starts.csv",
      "timeline.csv",
    ]);
    expect(files["report.html"]).toContain("npx xen-balloon host plan.yaml");
    expect(files["report.md"]).toContain("Written with the plan, not made from these figures");
  });

  test("begin each row with its case and its levels", () => {
    expect(linesOf("measures.csv").slice(0, 2)).toEqual([
      "case,policy,host,usPerPage,measure,unit,value",
      "keep-48 GiB-4.3,keep,48 GiB,4.3,host,KiB,50331648",
    ]);
    expect(linesOf("measures.csv")).toContain("fits-48 GiB-4.3,fits,48 GiB,4.3,problem,,it does not fit");
    expect(linesOf("guests.csv")).toHaveLength(4);
    expect(linesOf("guests.csv")[3]).toBe(
      `keep-48 GiB-4.3,keep,48 GiB,4.3,web3,3,1048576,4194304,10800000,5,4,1,3600000,1048576,1.5,0,0,1,0,131072,0,`,
    );
    expect(linesOf("starts.csv")[1]).toBe('keep-48 GiB-4.3,keep,48 GiB,4.3,late,3600000,0,,floor,"no, ""never"""');
    expect(linesOf("reasons.csv")[3]).toBe("keep-48 GiB-4.3,keep,48 GiB,4.3,web3,moving,1,3600000");
    expect(linesOf("timeline.csv")).toHaveLength(4);
    expect(linesOf("sentences.csv")[1]).toContain(',late,"late could not start at 1 h, because');
  });

  test("are the same each time", () => {
    expect(hostReportFiles(ranPlan(cases, { reading: ["Read this."] }), [REPEAT])).toEqual(files);
  });
});
