/** From results to figures, to a report and to CSV. */
import { describe, expect, test } from "vitest";
import { type Analysis, analyze } from "../../apps/study/analysis/analysis.js";
import { analysisCsv, exactCsv } from "../../apps/study/analysis/csv.js";
import { reportOf } from "../../apps/study/analysis/document.js";
import { estimateText, listText, significant } from "../../apps/study/analysis/figures.js";
import type { Case } from "../../apps/study/plan.js";
import type { Block, Chart, Table } from "../../apps/study/report/document.js";
import type { PassTime, Results } from "../../apps/study/results.js";
import type { Study } from "../../apps/study/study.js";
import { factor, type Making, replayOf, resultsOf, studyOf } from "../support/study-results.js";

const REPEAT: readonly Block[] = [{ kind: "command", text: "npx xen-balloon study sample" }];
const scrubs = (one: Case) => one.levels.scrub === "true";
const analyzed = (study: Partial<Study>, making?: Making): Analysis => analyze(resultsOf(studyOf(study), making));

function section(results: Results, heading: string): readonly Block[] {
  return reportOf(analyze(results), REPEAT).sections.find((one) => one.heading === heading)?.blocks ?? [];
}

function texts(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.kind === "paragraph" ? [block.text] : []));
}

/** The tables whose captions begin so, after their number. */
function tables(blocks: readonly Block[], begin: string): Table[] {
  const captionOf = ({ caption }: Table) => caption.replace(/^Table \d+\. /, "");
  return blocks.filter((block) => block.kind === "table").filter((table) => captionOf(table).startsWith(begin));
}

function charts<K extends Chart["kind"]>(blocks: readonly Block[], kind: K): Extract<Chart, { kind: K }>[] {
  return blocks.filter((block): block is Extract<Chart, { kind: K }> => block.kind === kind);
}

const cells = (table: Table | undefined): string[][] =>
  [...(table?.rows ?? [])].map((row) => row.map(({ text }) => text));

test.each([
  [0, "0"],
  [0.000123456, "0.000123"],
  [0.98765, "0.988"],
  [1.2, "1.20"],
  [9.996, "10.0"],
  [99.96, "100"],
  [123.4, "123"],
  [1_234_567, "1,230,000"],
])("%d with three digits", (value, text) => {
  expect(significant(value)).toBe(text);
});

test("words", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listText)).toEqual(["", "a", "a and b", "a, b and c"]);
  expect(estimateText({ value: 1.25, low: 1.2, high: 1.311 })).toBe("1.25 [1.20, 1.31]");
});

describe("times of a case", () => {
  test("are ns a page, the median over processes", () => {
    const { cases } = analyzed(
      {},
      { noise: 0, ns: (one) => (scrubs(one) ? 20 : 10), slow: (round) => 1 + (round % 2) },
    );
    expect(cases.map(({ levels }) => levels.scrub)).toEqual(["false", "true"]);
    expect(cases[0].nsPerPage.warm.both).toEqual({ value: 15, low: 10, high: 20, n: 10 });
    expect(cases[1].nsPerPage.first.out?.value).toBeCloseTo(90, 9);
    expect(cases[1].nsPerPage.first.in?.value).toBeCloseTo(90, 9);
  });

  test("are divided by the pages that were counted in that very process", () => {
    const results = resultsOf(studyOf(), { noise: 0 });
    const fewer = (line: Results["lines"][number]) =>
      line.kind === "timed" && line.case.includes("true") && line.warm
        ? { ...line, warm: { ...line.warm, outPages: 8, inPages: 16 } }
        : line;
    const { cases, timeEffects } = analyze({ ...results, lines: results.lines.map(fewer) });
    // 10,240 ns each way
    expect(cases[1].nsPerPage.warm.out?.value).toBeCloseTo(1280, 9);
    expect(cases[1].nsPerPage.warm.in?.value).toBeCloseTo(640, 9);
    expect(cases[1].nsPerPage.warm.both?.value).toBeCloseTo(20_480 / 24, 9);
    const warm = timeEffects.find(({ pass }) => pass === "warm");
    expect(warm?.main.value).toBeCloseTo(2048 / 24, 9);
    expect(warm?.pages).toEqual({ from: 2048, to: 24 });
    expect(texts(section({ ...results, lines: results.lines.map(fewer) }, "Answer"))[0]).toMatch(
      /^Once warm, with scrub true a page takes ×85\.3 \[85\.3, 85\.3\] as long as with false, where a pass moves 24 pages and not 2,048\.$/,
    );
  });

  test("are none where a workload has no warm pass", () => {
    const results = resultsOf(studyOf());
    const lines = results.lines.map((line) => (line.kind === "timed" ? { ...line, warm: null } : line));
    const analysis = analyze({ ...results, lines });
    expect(analysis.cases[0].nsPerPage.warm).toEqual({ out: null, in: null, both: null });
    expect(analysis.noise.warm).toBeNull();
    expect(analysis.noise.first?.floor.value).toBeGreaterThan(1);
    expect(analysis.timeEffects.map(({ pass }) => pass)).toEqual(["first"]);
  });

  test("are left out where the study does not measure time", () => {
    const results = resultsOf(studyOf({ measures: ["memoryOps"] }), { ns: (one) => (scrubs(one) ? 20 : 10) });
    expect(analyze(results)).toMatchObject({ timeEffects: [], noise: { first: null, warm: null } });
    expect(JSON.stringify(reportOf(analyze(results), REPEAT))).not.toMatch(/ns for each page|Noise/);
    expect(analysisCsv(analyze(results))).not.toContain("ns/page");
  });
});

describe("the effect of a level on time", () => {
  const study = { factors: [factor("scrub", "scrub", [false, true]), factor("cpus", "cpus", [1, 2, 4])] };
  const slower = { ns: (one: Case) => (scrubs(one) ? 15 : 10), slow: (round: number) => 1 + (round % 3) };

  test("is found however rounds differ, and another factor's is not", () => {
    const { timeEffects, noise } = analyzed(study, slower);
    expect(timeEffects.map(({ factor, level, pass }) => `${pass} ${factor} ${level}`)).toEqual(
      ["first", "warm"].flatMap((pass) => [`${pass} scrub true`, `${pass} cpus 2`, `${pass} cpus 4`]),
    );
    for (const { factor, main, pairs } of timeEffects) {
      expect(main.real).toBe(factor === "scrub");
      expect(main.value).toBeCloseTo(factor === "scrub" ? 1.5 : 1, 1);
      expect(pairs).toHaveLength(factor === "scrub" ? 3 : 2);
      for (const { ratio } of pairs) expect(ratio.real).toBe(factor === "scrub");
    }
    expect(noise.warm?.floor.value).toBeGreaterThan(1);
    expect(noise.warm?.floor.value).toBeLessThan(1.02);
  });

  test("pairs cases that differ in the factor alone, seed by seed", () => {
    const { timeEffects } = analyzed({ ...study, seeds: [1, 2] }, slower);
    expect(timeEffects[0].pairs).toHaveLength(6);
    for (const pair of timeEffects[0].pairs) {
      expect(pair.baseline).toBe(pair.case.replace('"scrub":true', '"scrub":false'));
    }
  });

  test("is found though the case that runs twice has one slow process after the other", () => {
    const twice = resultsOf(studyOf(), { ns: (one) => (scrubs(one) ? 8 : 10) });
    const noisy = (line: Results["lines"][number]) =>
      line.kind === "timed" && line.copy === 1 && line.warm
        ? { ...line, warm: { ...line.warm, outNs: 1.5 * line.warm.outNs, inNs: 1.5 * line.warm.inNs } }
        : line;
    const { noise, timeEffects } = analyze({ ...twice, lines: twice.lines.map(noisy) });
    expect(noise.warm?.floor.value).toBeLessThan(1.05);
    for (const { main } of timeEffects) expect(main.real).toBe(true);
  });

  test("is not called real of fewer than six processes, and the report says so first", () => {
    const ns = (one: Case) => (scrubs(one) ? 15 : 10);
    const few = studyOf({ replications: 5 });
    expect(analyzed(few, { ns }).timeEffects.some(({ main }) => main.real)).toBe(false);
    expect(analyzed({ replications: 6 }, { ns }).timeEffects.every(({ main }) => main.real)).toBe(true);
    expect(section(resultsOf(few, { ns }), "Answer")[0]).toEqual({
      kind: "warning",
      text: "Too few processes: with 5 a case no difference of time can be told from chance, however large. 6 is the least.",
    });
  });

  test("that is not shown comes with what would have been", () => {
    const results = resultsOf(studyOf({ measures: ["time"] }), {
      noise: 0.2,
      ns: (one) => (scrubs(one) ? 10.2 : 10),
    });
    const { noise, timeEffects } = analyze(results);
    const shows = noise.warm?.shows ?? 0;
    expect(shows).toBeGreaterThan(0.05);
    expect(noise.warm?.floor.low).toBeLessThan(noise.warm?.floor.value ?? 0);
    expect(timeEffects[1]).toMatchObject({ pass: "warm", main: { real: false } });
    expect(timeEffects[1].needed).toBeGreaterThan(10);
    const said = texts(section(results, "Answer"));
    // times that were not told apart are not said to agree
    expect(said[0]).toMatch(/^No difference of time is shown: only one of \d+\.\d+ % or more would have been\.$/);
    expect(said[1]).toMatch(
      /^No difference of time is shown in the first pass for scrub true \(one of \d+\.\d+ % would have been\) and once warm for scrub true \(one of \d+\.\d+ % would have been\), in 4 of 5 such studies\. If the ×\d\.\d+ of scrub true (in the first pass|once warm) is no chance, about [\d,]+ processes a case would show it\.$/,
    );
    // twice as many processes show less
    expect(analyzed({ replications: 40 }, { noise: 0.2 }).noise.warm?.shows).toBeLessThan(shows);
  });

  test("is not made between a case that reached its target and one that did not", () => {
    const missed = resultsOf(studyOf(), {
      ns: (one) => (scrubs(one) ? 100 : 10),
      exact: (one) => (scrubs(one) ? { outMissedPages: 64_465, retries: 4000, waitedSeconds: 3600 } : { retries: 2 }),
    });
    const { timeEffects, exactEffects } = analyze(missed);
    expect([timeEffects, exactEffects]).toEqual([[], []]);
    const said = texts(section(missed, "Answer")).join("\n");
    expect(said).toContain(
      "Target not reached in 1 of 2 cases, with scrub true in 1 of 1: up to 252 MiB on the way out was missing when the driver gave up or 1 h of virtual time had passed.",
    );
    expect(said).not.toContain("×");
    const table = tables(section(missed, "Tables"), "Exact measures")[0];
    expect(table.columns.map(({ heading }) => heading)).toContain("missed on the way out");
    expect(texts(section(missed, "Method"))).toContain("A guest has 1 h of virtual time to reach each target.");
  });

  test("is not made where the study compares no levels: its cases are the answer, and its reading follows", () => {
    const alone = studyOf({
      comparesLevels: false,
      reading: ["Much is cleared."],
      base: { workload: "mine.ops" },
      measures: ["memoryOps", "missedPages"],
    });
    const made = resultsOf(alone, { exact: (one) => (scrubs(one) ? { memoryOps: 9, inMissedPages: 256 } : {}) });
    const { sections } = reportOf(analyze(made), REPEAT);
    expect(sections.map(({ heading }) => heading).slice(0, 4)).toEqual([
      "Question",
      "Answer",
      "Reading",
      "What this does not show",
    ]);
    expect(texts(section(made, "Answer")).slice(0, 2)).toEqual([
      "Target not reached in 1 of 2 cases, true: up to 1 MiB on the way in was missing when the driver gave up or a phase of its script had ended.",
      "Each case stands for itself: this study compares no levels and averages nothing.",
    ]);
    expect(cells(tables(section(made, "Answer"), "Exact measures")[0])).toEqual([
      ["false", "4", "0 KiB"],
      ["true", "9", "1 MiB"],
    ]);
    expect(texts(section(made, "Reading"))).toEqual([
      "Written with the study, not made from these figures: where the two differ, the figures hold.",
      "Much is cleared.",
    ]);
    expect(analyze(made).exactEffects).toEqual([]);
  });

  test("of a level with which a target is missed is not said to be the same at every level", () => {
    const full = { hostTakenPages: 2048, hostReturnSeconds: 36_000 };
    const tries = factor("tries", "maxRetryCount", [0, 4]);
    const returned = factor("returned", "cpus", [1, 2]);
    const made = resultsOf(studyOf({ base: full, factors: [returned, tries], measures: ["retries", "missedPages"] }), {
      exact: ({ settings: { cpus, maxRetryCount } }) =>
        cpus === 2 && maxRetryCount === 4 ? { inMissedPages: 1024 } : { retries: 10 * (cpus ?? 1) },
    });
    const said = texts(section(made, "Tables"));
    expect(said).toContain("The same at every level of tries, wherever cases were compared: retries.");
    expect(said.join("\n")).not.toMatch(/The same at every level.*missed/);
    // ten hours of waiting are not beyond the limit
    expect(texts(section(made, "Method"))).toContain(
      "A guest has 1 h of virtual time, on the way in after other domains gave all back, to reach each target.",
    );
  });

  test("of a fraction of the grid is that of geometric means, and the report says so", () => {
    const results = resultsOf(studyOf({ ...study, fraction: 2 }), {
      ...slower,
      exact: (one) => (scrubs(one) ? { memoryOps: 8 } : {}),
    });
    const { timeEffects } = analyze(results);
    const [scrub] = timeEffects.filter(({ factor, pass }) => factor === "scrub" && pass === "warm");
    expect(scrub.pairs.length).toBeLessThan(2);
    expect(scrub.main.value).toBeCloseTo(1.5, 1);
    expect(scrub.main.real).toBe(true);
    expect(analyze(results).exactEffects).toContainEqual(
      expect.objectContaining({
        factor: "scrub",
        measure: "memoryOps",
        same: false,
        ratio: expect.closeTo(2, 9),
        range: null,
      }),
    );
    expect(texts(section(results, "Method"))[0]).toBe(
      "One in 2 of the grid, 2 of scrub × 3 of cpus: 3 cases. What one factor does is mixed with what factors do together.",
    );
  });

  test("is in the answer, the tables and the figure", () => {
    const results = resultsOf(studyOf({ ...study, measures: ["time"] }), slower);
    const shown = section(results, "Answer");
    const said = texts(shown);
    expect(said[0]).toMatch(
      /^Once warm, with scrub true a page takes ×1\.\d\d \[1\.\d\d, 1\.\d\d\] as long as with false\.$/,
    );
    expect(said[1]).toBe(
      "Brackets hold a 95 % interval over 10 processes a case. Were all cases alike, the most extreme of 20 ratios would come out as far from 1 in at most one study of 512.",
    );
    expect(said[2]).toMatch(/^No difference of time is shown in the first pass for cpus 2 and cpus 4 \(one of /);
    const [chart] = charts(shown, "ratio");
    expect(chart.caption).toMatch(/^Figure 1\. Warm passes: /);
    // cpus is a number: a curve of its own
    expect(chart.rows.map(({ label, muted }) => [label, muted])).toEqual([["scrub true", false]]);
    const curves = charts(section(results, "Figures"), "scaling");
    expect(curves.map(({ xLabel, lines }) => [xLabel, lines.length])).toEqual([
      ["cpus, CPUs", 2],
      ["cpus, CPUs", 2],
    ]);
    const inTables = section(results, "Tables");
    const [main] = tables(inTables, "Time a page with each level");
    expect(main.rows[0][3].muted).toBeUndefined();
    expect(main.rows[1][3]).toMatchObject({ muted: true, text: expect.stringMatching(/^none shown \[/) });
    expect(tables(inTables, "Time a page with each ")).toHaveLength(3);
    expect(tables(inTables, "Time a page with each cpus")[0].rows).toHaveLength(4);
  });

  test("of faster is said as faster; of many levels the extremes are named", () => {
    const many = factor(
      "cpus",
      "cpus",
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    const labelled = { ...many, levels: many.levels.map((level) => ({ ...level, label: `of ${level.label}` })) };
    const results = resultsOf(studyOf({ factors: [{ ...labelled, baseline: "of 10" }], measures: ["time"] }), {
      ns: (one) => Number(one.levels.cpus.slice(3)),
    });
    expect(texts(section(results, "Answer"))[0]).toMatch(
      /^Once warm, with cpus of 20 a page takes ×2\.0\d \[.*\] as long as with of 10, the slowest of 19 levels that differ; with cpus of 1 a page moves ×9\.\d\d \[.*\] as fast as with of 10, the fastest of them; the time of a whole pass grows as cpus to the power of 1\.00 \[1\.00, 1\.00\]\.$/,
    );
  });
});

describe("exact measures", () => {
  const study = { factors: [factor("scrub", "scrub", [false, true]), factor("cpus", "cpus", [1, 2])] };
  const exact = (one: Case) =>
    scrubs(one)
      ? {
          scrubbedPages: 500,
          memoryOps: one.levels.cpus === "2" ? 12 : 8,
          extentsPerCall: [
            [1, 3],
            [512, 2],
          ] as const,
        }
      : {};

  test("that differ have their ratio, and those that do not a sentence", () => {
    const results = resultsOf(studyOf(study), { exact });
    const effects = analyze(results).exactEffects;
    const find = (name: string, measure: string) =>
      effects.find((effect) => effect.factor === name && effect.measure === measure);
    expect(find("scrub", "memoryOps")).toMatchObject({ same: false, range: [2, 3] });
    // the ratio is that of the two
    const { from = 0, to = 0, ratio } = find("scrub", "memoryOps") ?? {};
    expect([from, to / from]).toEqual([expect.closeTo(4, 9), expect.closeTo(ratio ?? 0, 9)]);
    expect(find("scrub", "memoryOps")?.ratio).toBeCloseTo(Math.sqrt(6), 9);
    expect(find("scrub", "scrubbedPages")).toMatchObject({ same: false, ratio: null, from: 0, to: 500 });
    expect(find("scrub", "retries")).toMatchObject({ same: true });
    expect(find("cpus", "memoryOps")).toMatchObject({ same: false, range: [1, 1.5] });
    const shown = section(results, "Tables");
    const [table] = tables(shown, "Exact measures, from scrub false");
    expect(cells(table)).toEqual([
      ["true", "from 4 to 9.8 (×2.45; ×2.00–3.00 by case)", "from 512 to 205 (×0.401)", "from 0 KiB to 1.95 MiB"],
    ]);
    expect(texts(shown)).toContain("The same at every level of cpus: extents a call and memory cleared.");
    const items = section(results, "Answer").flatMap((block) => (block.kind === "list" ? block.items : []));
    expect(items).toContain(
      "Calls of memory_op, on average: from 4 with scrub false to 9.8 with true (×2.45; ×2.00–3.00 by case).",
    );
    // the largest first
    expect(items[0]).toBe("Memory cleared, on average: from 0 KiB with scrub false to 1.95 MiB with true.");
  });

  test("are shown where the study names them", () => {
    const results = resultsOf(studyOf({ ...study, measures: ["memoryOps", "retries"] }), { exact });
    const shown = section(results, "Tables");
    const [table] = tables(shown, "Exact measures of each case");
    expect(table.columns.map(({ heading }) => heading)).toEqual(["scrub", "cpus", "calls of memory_op"]);
    expect(table.note).toBe("calls of memory_op: the hypercall that takes or gives frames.");
    expect(cells(table)[3]).toEqual(["true", "2", "12"]);
    expect(texts(shown)).toContain("The same in every case: retries 0.");
    expect(JSON.stringify(shown)).not.toContain("scrubbedPages");
    expect(charts([...section(results, "Answer"), ...section(results, "Figures")], "histogram")).toEqual([]);
  });

  test("extents a call are drawn for each level of the first factor", () => {
    const [chart] = charts(section(resultsOf(studyOf({ ...study, seeds: [1, 2] }), { exact }), "Figures"), "histogram");
    expect(chart.series).toEqual([
      { label: "scrub false", bars: [[512, 4]] },
      {
        label: "scrub true",
        bars: [
          [1, 3],
          [512, 2],
        ],
      },
    ]);
  });

  test("of engines agree but for memory, or do not", () => {
    const engines = studyOf({ factors: [factor("engine", "engine", ["wasm", "reference"])] });
    const reference = (one: Case) => one.levels.engine === "reference";
    const alike = resultsOf(engines, { exact: (one) => (reference(one) ? { memoryBytes: 1 } : {}) });
    expect(JSON.stringify(section(alike, "Answer"))).toContain(
      "The engines wasm and reference decided alike: all exact measures but their memory agree.",
    );
    const unlike = resultsOf(engines, { exact: (one) => (reference(one) ? { creditPages: 1 } : {}) });
    expect(analyze(unlike).decidedAlike).toBe(false);
    expect(JSON.stringify(section(unlike, "Answer"))).toContain("did not decide alike");
    expect(analyzed({}).decidedAlike).toBeNull();
  });
});

describe("growth", () => {
  const sizes = factor("size", "maxPfn", [1024, 4096, 16_384]);
  const results = (study: Partial<Study>) => {
    const made = resultsOf(studyOf({ factors: [sizes], ...study }), { noise: 0.01, slow: (round) => 1 + round });
    const pages = new Map(made.header.cases.map(({ id, settings }) => [id, settings.maxPfn ?? 0]));
    const grown = (ns: number, id: string) => ns * (pages.get(id) ?? 0) ** 1.25;
    const lines = made.lines.map((line) =>
      line.kind === "timed"
        ? {
            ...line,
            warm: line.warm && {
              ...line.warm,
              outNs: grown(line.warm.outNs, line.case),
              inNs: grown(line.warm.inNs, line.case),
            },
          }
        : line,
    );
    return { ...made, lines };
  };

  test("of a number has an exponent", () => {
    const [, warm] = analyze(results({})).scalings;
    expect(warm).toMatchObject({ factor: "size", setting: "maxPfn", pass: "warm", label: "" });
    expect(warm.points.map(({ x }) => x)).toEqual([1024, 4096, 16_384]);
    expect(warm.exponent?.value).toBeCloseTo(1.25, 2);
    const [table] = tables(section(results({}), "Tables"), "The power with which");
    expect(cells(table)[1]).toEqual(["maxPfn", "", "warm passes", expect.stringMatching(/^1\.2\d \[1\.2/)]);
    const [shown] = charts(section(results({}), "Answer"), "scaling");
    expect(shown.lines[0].points).toHaveLength(3);
    expect(shown.lines[0].exponent).toBeCloseTo(1.25, 2);
  });

  test("has a line for each combination of other levels, or one with those at their baselines", () => {
    const four = factor("cpus", "cpus", [1, 2, 3, 4]);
    const labels = (study: Partial<Study>) =>
      analyze(results(study)).scalings.flatMap(({ pass, factor, label }) =>
        pass === "warm" && factor === "size" ? label : [],
      );
    expect(labels({ factors: [sizes, four], seeds: [1, 2] })).toEqual(["cpus 1", "cpus 2", "cpus 3", "cpus 4"]);
    expect(labels({ factors: [four, sizes, factor("delay", "watermarkPages", [0, 1, 2])] })).toEqual([
      "cpus 1, delay 0",
    ]);
  });

  test("is not of two levels, of words, of 0, or of numbers that are all about the same", () => {
    const none = (one: Study["factors"][number]) => analyzed({ factors: [one] }).scalings;
    expect(none(factor("size", "maxPfn", [1, 2]))).toEqual([]);
    expect(none(factor("size", "maxPfn", [0, 1, 2]))).toEqual([]);
    expect(none(factor("size", "maxPfn", [65_536, 65_537, 65_538]))).toEqual([]);
    expect(none(factor("policy", "policy", ["a", "b", "c"]))).toEqual([]);
  });
});

describe("replays", () => {
  const vms = { ...factor("guest", "vm", ["a", "b"]) };
  const study = studyOf({ factors: [vms, factor("policy", "policy", ["follow", "peak"])] });
  const exact = (one: Case) => ({
    pagesOut: 262_144,
    replay: replayOf({
      shortRows: one.levels.policy === "peak" ? 2 : 0,
      sizePages: one.levels.guest === "a" ? 262_144 : 524_288,
    }),
  });
  const results = resultsOf(study, { exact });

  test("have a row a guest, and one for all", () => {
    const [table] = tables(section(results, "Tables"), "What each balloon did");
    expect(table.columns.map(({ heading }) => heading)).toEqual(
      "guest,policy,size at boot,sold,targets,moved out,moved in,memory_op calls,retries,waited,rows missed,rows short,short,given back,linear memory,% of sold".split(
        ",",
      ),
    );
    expect(cells(table)[0]).toEqual(
      "a,follow,1 GiB,1 GiB,3,1 GiB,4 MiB,4,0,0 s,0,0,0 KiB,256 MiB,1 MiB,25.0 %".split(","),
    );
    expect(cells(table)[2]).toEqual(
      "all,follow,3 GiB,2 GiB,6,2 GiB,8 MiB,8,0,0 s,0,0,0 KiB,512 MiB,2 MiB,25.0 %".split(","),
    );
    expect(table.rows).toHaveLength(6);
    expect(table.note).toMatch(/^Sold: .* Given back: .* waited: .* short are /);
  });

  test("are drawn each, or the extremes of many", () => {
    expect(charts(section(results, "Answer"), "bars")[0].rows.map(({ label }) => label)).toEqual([
      "policy follow",
      "policy peak",
    ]);
    const drawn = charts(section(results, "Figures"), "series");
    expect(drawn.map(({ caption }) => caption.replace(/:.*/, ""))).toEqual(
      ["guest a, policy follow", "guest b, policy follow", "guest a, policy peak", "guest b, policy peak"].map(
        (name, i) => `Figure ${i + 2}. ${name}`,
      ),
    );
    expect(drawn[0].curves.map(({ values }) => values)).toEqual([
      [1, 2].map((pages) => pages / 256),
      [3, 4].map((pages) => pages / 256),
      [5, 6].map((pages) => pages / 256),
    ]);
    expect(drawn[0].yLabel).toBe("MiB");
    const vms = Array.from({ length: 50 }, (_, i) => `vm${i}`);
    const many = resultsOf(studyOf({ factors: [factor("guest", "vm", vms)], measures: ["givenBackPages"] }), {
      exact: (one) => ({ replay: replayOf({ givenBackPages: 1000 * (1 + Number(one.levels.guest.slice(2))) }) }),
    });
    const [bars] = charts(section(many, "Answer"), "bars");
    expect(bars.caption).toMatch(/: the 5 greatest, the median and the 5 least of 50\.$/);
    expect(bars.rows.map(({ label }) => label.replace("vm vm", ""))).toEqual([
      "49",
      "48",
      "47",
      "46",
      "45",
      "median of 50",
      "4",
      "3",
      "2",
      "1",
      "0",
    ]);
    expect(bars.rows[5].text).toBe("9.73 %");
    expect(charts(section(many, "Figures"), "series")).toHaveLength(6);
    expect(tables(section(many, "Tables"), "What each balloon")[0].rows).toHaveLength(51);
    expect(texts(section(many, "Answer"))[1]).toBe(
      "Most came from vm vm49 (19.1 % of what it was sold), least from vm vm0 (0.381 %).",
    );
  });

  test("of more than ten guests are bands of quantiles over the time that they share", () => {
    const vms = Array.from({ length: 11 }, (_, i) => `vm${i}`);
    const made = resultsOf(studyOf({ factors: [factor("guest", "vm", vms)], measures: ["givenBackPages"] }), {
      exact: (one) => {
        const i = Number(one.levels.guest.slice(2));
        // the last one begins when the others end
        const timeMs = i === 10 ? [1000, 2000] : [0, 1000];
        const pages = [1000 + 100 * i, 500 + 10 * i];
        const series = { timeMs, usedPages: pages, targetPages: pages, currentPages: pages };
        return { replay: replayOf({ sizePages: 2000, series }) };
      },
    });
    const [sizes, uses, ...others] = charts(section(made, "Figures"), "bands");
    expect(others).toEqual([]);
    expect([sizes.caption, uses.caption]).toEqual([
      "Figure 2. The sizes of 11 guests, in percent of each one's size at boot.",
      "Figure 3. The memory that 11 guests use, in percent of each one's size at boot.",
    ]);
    expect([sizes.timesMs[0], sizes.timesMs.at(-1)]).toEqual([0, 2000]);
    const at = (index: number) =>
      [sizes.median, ...sizes.bands.flatMap(({ low, high }) => [low, high])].map((of) => of.at(index));
    // at first ten guests have 1,000 to 1,900 pages of 2,000; at last the one that is left has 600
    expect(at(0).map((value) => value?.toFixed(2))).toEqual(["72.50", "50.00", "95.00", "54.50", "90.50"]);
    expect(at(-1)).toEqual([30, 30, 30, 30, 30]);
    expect(sizes.bands.map(({ label }) => label)).toEqual(["least to greatest", "10–90 % of guests"]);
    expect(charts(section(results, "Figures"), "bands")).toEqual([]);
  });

  test("are summed up in the answer; guests are not compared with each other", () => {
    expect(analyze(results).timeEffects.map(({ factor }) => factor)).toEqual(["policy", "policy"]);
    expect(texts(section(results, "Answer")).slice(0, 2)).toEqual([
      "policy follow: 2 guests gave back 512 MiB on average, 25.0 % of the 2 GiB sold, and never wanted memory that the balloon still had.",
      "policy peak: 2 guests gave back 512 MiB on average, 25.0 % of the 2 GiB sold; 2 of them wanted memory that the balloon still had, at 4 rows of the demand.",
    ]);
  });
});

describe("the report", () => {
  test("has its sections in order: the answer first, how it was found last", () => {
    const { title, sections } = reportOf(analyzed({}), REPEAT);
    expect(title).toBe("A sample");
    expect(sections.map(({ heading }) => heading)).toEqual([
      "Question",
      "Answer",
      "Figures",
      "Tables",
      "What this does not show",
      "Method",
      "Environment",
      "Repeat and cite",
    ]);
    expect(sections.flatMap(({ heading, isFolded }) => (isFolded ? [heading] : []))).toEqual(["Method", "Environment"]);
    expect(sections[7].blocks).toEqual(REPEAT);
    expect(texts(sections[4].blocks)[0]).toBe("That it is worth it.");
    expect(texts(sections[4].blocks)[1]).toContain("no real hypervisor, no TLB shoot-down and no contention");
    expect(cells(tables(sections[6].blocks, "The machine")[0])).toContainEqual(["wasm, balloon.wasm", "beef"]);
  });

  test("names the extremes of many levels, from a baseline of 0, too, and none that is equal to it", () => {
    const kinds = factor("kind", "cpus", [1, 2, 3, 4, 5]);
    const results = resultsOf(studyOf({ factors: [kinds], measures: ["retries", "extentsPerCall"] }), {
      exact: ({ settings: { cpus = 1 } }) => ({
        retries: [0, 7, 30, 5, 9][cpus - 1],
        // in the fifth the calls are other ones, of the same mean
        extentsPerCall: [[[512, 4]], [[64, 4]], [[512, 4]], [[512, 4]], [[512, 8]]][cpus - 1] as [number, number][],
      }),
    });
    const said = [
      ...texts(section(results, "Answer")),
      ...section(results, "Answer").flatMap((block) => (block.kind === "list" ? block.items : [])),
    ];
    expect(said).toContain(
      "Retries: from 0 with kind 1 to 30 with 3 and to 5 with 4, the most and the least of 4 levels that differ.",
    );
    expect(said).toContain("Extents a call: from 512 with kind 1 to 64.0 with 2 (×0.125).");
  });

  test("says that nothing differs where all was compared and agrees", () => {
    const results = resultsOf(studyOf({ measures: ["memoryOps", "retries"] }));
    expect(texts(section(results, "Answer"))).toEqual([
      "No difference is shown: wherever cases were compared, they agree.",
      "The same wherever cases were compared: calls of memory_op and retries.",
    ]);
  });

  test("warns first of much noise and of a busy machine", () => {
    const made = resultsOf(studyOf());
    const turn = (line: Results["lines"][number]) => {
      if (line.kind !== "timed" || line.case.includes("true") || line.copy === 1) return line;
      const by = line.round % 2 === 0 ? 4 : 1 / 4;
      const slowed = (pass: PassTime) => ({ ...pass, outNs: pass.outNs * by, inNs: pass.inNs * by });
      return { ...line, first: slowed(line.first), warm: line.warm && slowed(line.warm) };
    };
    const results = { ...made, lines: made.lines.map(turn) };
    const environment = { ...results.header.environment, cores: 2, loadAverage: [8.2, 1, 1] };
    const shown = section({ ...results, header: { ...results.header, environment } }, "Answer");
    const warned = shown.flatMap((block) => (block.kind === "warning" ? [block.text] : []));
    expect(warned).toEqual([
      expect.stringMatching(/^Very noisy in the first pass: equal cases come out up to \d+(\.\d)? % apart\./),
      expect.stringMatching(/^Very noisy once warm: /),
      "The machine was busy: its load was up to 8.2 on 2 cores. Times of such a machine say little.",
    ]);
    expect(shown.slice(0, 3).every(({ kind }) => kind === "warning")).toBe(true);
  });

  test("says what is missing, what failed and that it was interrupted", () => {
    const results = resultsOf(studyOf(), {
      keep: (line) => line.kind !== "timed" || line.round < 7 || (line.round === 7 && line.case.includes("true")),
    });
    const [first] = results.header.cases;
    const lines = [
      ...results.lines,
      { kind: "failed", case: first.id, problem: "expected a size" } as const,
      { kind: "resumed", environment: { cpu: "another" } } as const,
    ];
    const stopped = { ...results, lines };
    expect(analyze(stopped).runs).toEqual({
      exactPlanned: 2,
      exact: 2,
      timedPlanned: 30,
      timed: 22,
      timedPerRound: 3,
    });
    expect(analyze(stopped).timeEffects[0].main.n).toBe(7);
    const failures = section(stopped, "Failures");
    expect(cells(tables(failures, "Cases")[0])).toEqual([[first.id, "expected a size"]]);
    expect(section(stopped, "Answer")[0]).toEqual({
      kind: "warning",
      text: "The study is not complete: 22 of 30 processes are timed.",
    });
    expect(texts(section(results, "Method")).join()).toContain("Times: 10 rounds, not all of which were run; in each");
    const tried = { ...results, lines: [...lines, { ...results.lines[0], case: first.id }] as typeof results.lines };
    expect(analyze(tried).failures).toEqual([]);
    const environment = section(stopped, "Environment");
    expect(texts(environment)).toEqual(["The study was interrupted and resumed once."]);
    expect(cells(tables(environment, "The machine")[0])[0]).toEqual(["cpu", "a processor"]);
    expect(cells(tables(environment, "What was different")[0])).toEqual([["1", "cpu", "another"]]);
  });

  test("of nothing measured is a report still", () => {
    const none = resultsOf(studyOf(), { keep: () => false });
    expect(texts(section(none, "Tables"))).toEqual(["No case was run."]);
    expect(texts(section(none, "Answer"))).toContain("Nothing was run: there is nothing to compare yet.");
  });

  test("is the same each time", () => {
    const [a, b] = [1, 2].map(() => JSON.stringify(reportOf(analyzed({}), REPEAT)));
    expect(a).toBe(b);
  });
});

describe("CSV", () => {
  test("has a row a case and measure", () => {
    const analysis = analyzed({ measures: ["time", "memoryOps", "extentsPerCall"] }, { noise: 0 });
    const rows = analysisCsv(analysis).split("\n");
    expect(rows[0]).toBe("case,scrub,seed,measure,unit,value,low,high,n");
    expect(rows[1]).toBe('"{""scrub"":false} seed 1",false,1,memoryOps,calls,4,,,');
    expect(rows[2]).toBe('"{""scrub"":false} seed 1",false,1,extentsPerCall,extents×calls,512×4,,,');
    expect(rows[8]).toBe('"{""scrub"":false} seed 1",false,1,warm.both,ns/page,10,10,10,10');
    expect(rows).toHaveLength(1 + 2 * (2 + 6) + 1);
  });

  test("has no field that a spreadsheet would take for a formula", () => {
    const names = factor("name", "vm", ["=cmd()", "+a", "-1", "@b", "-1e3"]);
    const rows = exactCsv(analyzed({ factors: [names], measures: ["retries"] }))
      .split("\n")
      .slice(1, -1);
    expect(rows.map((row) => /,([^,]*),1,retries/.exec(row)?.[1])).toEqual(["'=cmd()", "'+a", "-1", "'@b", "-1e3"]);
  });

  test("of exact measures is the same whatever the times and the order of runs", () => {
    const results = resultsOf(studyOf(), { seed: 1 });
    const other = resultsOf(studyOf(), { seed: 2, ns: () => 99 });
    const csv = exactCsv(analyze({ ...other, lines: [...other.lines].reverse() }));
    expect(csv).toBe(exactCsv(analyze(results)));
    expect(csv.split("\n")[0]).toBe("case,scrub,seed,measure,unit,value");
    expect(csv).not.toContain("shortPages");
  });
});

test("some hundred ratios take seconds", () => {
  const factors = [
    factor("size", "maxPfn", [1, 2, 3, 4, 5]),
    factor("cpus", "cpus", [1, 2, 3, 4]),
    factor("scrub", "scrub", [false, true]),
  ];
  expect(analyzed({ factors }).timeEffects.flatMap(({ pairs }) => pairs)).toHaveLength(2 * (32 + 30 + 20));
});
