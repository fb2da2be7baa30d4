/** From results to figures, to a report and to CSV. */
import { describe, expect, test } from "vitest";
import { type Analysis, analyze } from "../../apps/study/analysis/analysis.js";
import { analysisCsv, exactCsv } from "../../apps/study/analysis/csv.js";
import { reportOf } from "../../apps/study/analysis/document.js";
import { estimateText, listText, significant } from "../../apps/study/analysis/figures.js";
import { judge } from "../../apps/study/analysis/noise.js";
import type { Case } from "../../apps/study/plan.js";
import type { Block, Chart, Table } from "../../apps/study/report/document.js";
import type { Results } from "../../apps/study/results.js";
import type { Study } from "../../apps/study/study.js";
import { factor, type Making, replayOf, resultsOf, studyOf } from "../support/study-results.js";

const COMMAND = "npx xen-balloon study sample";
const scrubs = (one: Case) => one.levels.scrub === "true";
const analyzed = (study: Partial<Study>, making?: Making): Analysis => analyze(resultsOf(studyOf(study), making));

function section(results: Results, heading: string): readonly Block[] {
  return reportOf(analyze(results), COMMAND).sections.find((one) => one.heading === heading)?.blocks ?? [];
}

function texts(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.kind === "paragraph" ? [block.text] : []));
}

function tables(blocks: readonly Block[], begin: string): Table[] {
  return blocks.filter((block) => block.kind === "table").filter(({ caption }) => caption.startsWith(begin));
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
  [1_234_567, "1230000"],
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

  test("of a replay count the pages of each way", () => {
    const { cases } = analyzed({}, { noise: 0, exact: () => ({ pagesOut: 300, pagesIn: 100, replay: replayOf() }) });
    expect(cases[0].nsPerPage.warm.out?.value).toBeCloseTo(10 / 1.5, 9);
    expect(cases[0].nsPerPage.warm.in?.value).toBeCloseTo(20, 9);
    expect(cases[0].nsPerPage.warm.both?.value).toBeCloseTo(10, 9);
  });

  test("are none where a workload has no warm pass", () => {
    const results = resultsOf(studyOf());
    const lines = results.lines.map((line) => (line.kind === "timed" ? { ...line, warm: null } : line));
    const analysis = analyze({ ...results, lines });
    expect(analysis.cases[0].nsPerPage.warm).toEqual({ out: null, in: null, both: null });
    expect(analysis.noiseFloors.warm).toBeNull();
    expect(analysis.noiseFloors.first).toBeGreaterThan(1);
    expect(analysis.timeEffects.map(({ pass }) => pass)).toEqual(["first"]);
  });

  test("are left out where the study does not measure time", () => {
    const results = resultsOf(studyOf({ measures: ["memoryOps"] }), { ns: (one) => (scrubs(one) ? 20 : 10) });
    expect(analyze(results)).toMatchObject({ timeEffects: [], noiseFloors: { first: null, warm: null } });
    expect(JSON.stringify(reportOf(analyze(results), COMMAND))).not.toMatch(/ns\/page|noise floor/);
    expect(analysisCsv(analyze(results))).not.toContain("ns/page");
  });
});

describe("the effect of a level on time", () => {
  const study = { factors: [factor("scrub", "scrub", [false, true]), factor("cpus", "cpus", [1, 2, 4])] };
  const slower = { ns: (one: Case) => (scrubs(one) ? 15 : 10), slow: (round: number) => 1 + (round % 3) };

  test("is found however rounds differ, and another factor's is not", () => {
    const { timeEffects, noiseFloors } = analyzed(study, slower);
    expect(timeEffects.map(({ factor, level, pass }) => `${pass} ${factor} ${level}`)).toEqual(
      ["first", "warm"].flatMap((pass) => [`${pass} scrub true`, `${pass} cpus 2`, `${pass} cpus 4`]),
    );
    for (const { factor, main, pairs } of timeEffects) {
      expect(main.real).toBe(factor === "scrub");
      expect(main.value).toBeCloseTo(factor === "scrub" ? 1.5 : 1, 1);
      expect(pairs).toHaveLength(factor === "scrub" ? 3 : 2);
      for (const { ratio } of pairs) expect(ratio.real).toBe(factor === "scrub");
    }
    expect(noiseFloors.warm).toBeGreaterThan(1);
    expect(noiseFloors.warm).toBeLessThan(1.05);
  });

  test("pairs cases that differ in the factor alone, seed by seed", () => {
    const { timeEffects } = analyzed({ ...study, seeds: [1, 2] }, slower);
    expect(timeEffects[0].pairs).toHaveLength(6);
    for (const pair of timeEffects[0].pairs) {
      expect(pair.baseline).toBe(pair.case.replace('"scrub":true', '"scrub":false'));
    }
  });

  test("is not real within the noise floor", () => {
    const twice = resultsOf(studyOf(), { ns: (one) => (scrubs(one) ? 15 : 10) });
    const noisy = (line: Results["lines"][number]) =>
      line.kind === "timed" && line.copy === 1 ? { ...line, pages: line.pages / 2 } : line;
    const analysis = analyze({ ...twice, lines: twice.lines.map(noisy) });
    expect(analysis.noiseFloors.warm).toBeCloseTo(2, 1);
    for (const { main } of analysis.timeEffects) {
      expect(main.low).toBeGreaterThan(1.4);
      expect(main.real).toBe(false);
    }
  });

  test.each([
    ["beyond the floor", 1.2, 1.15, 1.25, 1.1, true],
    ["faster", 0.8, 0.75, 0.85, 1.1, true],
    ["about 1", 1.2, 0.99, 1.4, 1.1, false],
    ["about 1, faster", 0.8, 0.6, 1.01, 1.1, false],
    ["within the floor", 1.08, 1.07, 1.09, 1.1, false],
    ["within it, faster", 0.92, 0.91, 0.93, 1.1, false],
    ["beyond 5 % with no floor", 1.06, 1.055, 1.065, null, true],
    ["within 5 % with no floor", 1.04, 1.035, 1.045, null, false],
  ])("is judged: %s", (_, value, low, high, floor, real) => {
    expect(judge({ value, low, high, n: 10 }, floor).real).toBe(real);
  });

  test("is not called real of fewer than five processes", () => {
    const ns = (one: Case) => (scrubs(one) ? 15 : 10);
    expect(analyzed({ replications: 4 }, { ns }).timeEffects.some(({ main }) => main.real)).toBe(false);
    expect(analyzed({ replications: 5 }, { ns }).timeEffects.every(({ main }) => main.real)).toBe(true);
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

  test("is in the answer, the tables and the chart", () => {
    const results = resultsOf(studyOf({ ...study, measures: ["time"] }), slower);
    const said = texts(section(results, "Answer"));
    expect(said).toHaveLength(4);
    expect(said[1]).toMatch(
      /^With scrub=true a page takes 1\.\d\d times as long \[1\.\d\d, 1\.\d\d\] as with scrub=false in warm passes\.$/,
    );
    expect(said[3]).toBe("No difference of time from cpus=1 is shown for cpus=2 and cpus=4 in warm passes.");
    const shown = section(results, "Results");
    const [chart] = charts(shown, "ratio");
    expect(chart.rows.map(({ label, muted }) => [label, muted])).toEqual([
      ["scrub=true", false],
      ["cpus=2", true],
      ["cpus=4", true],
    ]);
    const [main] = tables(shown, "Main effects");
    expect(main.rows[0][3].muted).toBeUndefined();
    expect(main.rows[1][3]).toMatchObject({ muted: true, text: expect.stringMatching(/^no difference shown \[/) });
    expect(tables(shown, "Time with each")).toHaveLength(2);
    expect(tables(shown, "Time with each cpus")[0].rows).toHaveLength(4);
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
    expect(find("scrub", "memoryOps")).toMatchObject({ same: false, range: [2, 3], from: 4, to: 10 });
    expect(find("scrub", "memoryOps")?.ratio).toBeCloseTo(Math.sqrt(6), 9);
    expect(find("scrub", "scrubbedPages")).toMatchObject({ same: false, ratio: null, from: 0, to: 500 });
    expect(find("scrub", "retries")).toMatchObject({ same: true });
    expect(find("cpus", "memoryOps")).toMatchObject({ same: false, range: [1, 1.5] });
    const shown = section(results, "Results");
    const [table] = tables(shown, "Exact measures with each scrub");
    expect(cells(table)).toEqual([["true", "×2.45 (×2.00 to ×3.00)", "×0.401", "0 to 500 on average"]]);
    expect(texts(shown)).toContain("extentsPerCall and scrubbedPages: the same at every level of cpus.");
    expect(texts(section(results, "Answer"))).toContain(
      "memoryOps, beside scrub=false: ×2.45 (×2.00 to ×3.00) with scrub=true.",
    );
  });

  test("are shown where the study names them", () => {
    const results = resultsOf(studyOf({ ...study, measures: ["memoryOps", "retries"] }), { exact });
    const shown = section(results, "Results");
    const [table] = tables(shown, "Exact measures: ");
    expect(table.columns.map(({ heading }) => heading)).toEqual(["scrub", "cpus", "memoryOps"]);
    expect(cells(table)[3]).toEqual(["true", "2", "12"]);
    expect(texts(shown)).toContain("The same in every case, at every level of every factor: retries 0.");
    expect(JSON.stringify(shown)).not.toContain("scrubbedPages");
    expect(charts(shown, "histogram")).toEqual([]);
  });

  test("extents a call are drawn for each level of the first factor", () => {
    const [chart] = charts(section(resultsOf(studyOf({ ...study, seeds: [1, 2] }), { exact }), "Results"), "histogram");
    expect(chart.series).toEqual([
      { label: "scrub=false", bars: [[512, 4]] },
      {
        label: "scrub=true",
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
    expect(texts(section(alike, "Answer"))).toContain(
      "The engines wasm and reference decided alike: all exact measures but memoryBytes agree.",
    );
    const unlike = resultsOf(engines, { exact: (one) => (reference(one) ? { creditPages: 1 } : {}) });
    expect(analyze(unlike).decidedAlike).toBe(false);
    expect(texts(section(unlike, "Answer")).join()).toContain("did not decide alike");
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
            warm: { outNs: grown(line.warm?.outNs ?? 0, line.case), inNs: grown(line.warm?.inNs ?? 0, line.case) },
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
    const shown = section(results({}), "Results");
    expect(texts(shown)).toContainEqual(expect.stringMatching(/^Warm passes: time grows as maxPfn\^1\.2\d \[1\.2/));
    expect(charts(shown, "scaling")).toHaveLength(2);
    expect(charts(shown, "scaling")[1].lines[0].points).toHaveLength(3);
  });

  test("has a line for each combination of other levels, or one with those at their baselines", () => {
    const four = factor("cpus", "cpus", [1, 2, 3, 4]);
    const labels = (study: Partial<Study>) =>
      analyze(results(study)).scalings.flatMap(({ pass, factor, label }) =>
        pass === "warm" && factor === "size" ? label : [],
      );
    expect(labels({ factors: [sizes, four], seeds: [1, 2] })).toEqual(["cpus=1", "cpus=2", "cpus=3", "cpus=4"]);
    expect(labels({ factors: [four, sizes, factor("delay", "watermarkPages", [0, 1, 2])] })).toEqual([
      "cpus=1, delay=0",
    ]);
  });

  test("is not of two levels, of words, or of 0", () => {
    const none = (one: Study["factors"][number]) => analyzed({ factors: [one] }).scalings;
    expect(none(factor("size", "maxPfn", [1, 2]))).toEqual([]);
    expect(none(factor("size", "maxPfn", [0, 1, 2]))).toEqual([]);
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
  const shown = section(resultsOf(study, { exact }), "Results");

  test("have a row a guest, and one for all", () => {
    const [table] = tables(shown, "What each balloon did");
    expect(table.columns.map(({ heading }) => heading)).toEqual(
      "guest,policy,size,targets,out,in,memory_op,retries,waited,short rows,short pages,given back,linear memory,% of size".split(
        ",",
      ),
    );
    expect(cells(table)[0]).toEqual(
      "a,follow,1.00 GiB,3,1.00 GiB,4.00 MiB,4,0,0 s,0,0,256.00 MiB,1.00 MiB,25.0 %".split(","),
    );
    expect(cells(table)[2]).toEqual(
      "all,follow,3.00 GiB,6,2.00 GiB,8.00 MiB,8,0,0 s,0,0,512.00 MiB,2.00 MiB,16.7 %".split(","),
    );
    expect(table.rows).toHaveLength(6);
  });

  test("are drawn, 48 at most", () => {
    expect(charts(shown, "series").map(({ caption }) => caption)).toEqual([
      "guest=a, policy=follow",
      "guest=b, policy=follow",
      "guest=a, policy=peak",
      "guest=b, policy=peak",
    ]);
    expect(charts(shown, "series")[0].curves.map(({ values }) => values)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const many = studyOf({
      factors: [
        factor(
          "guest",
          "vm",
          Array.from({ length: 50 }, (_, i) => `vm${i}`),
        ),
      ],
      measures: ["givenBackPages"],
    });
    const blocks = section(resultsOf(many, { exact: () => ({ replay: replayOf() }) }), "Results");
    expect(charts(blocks, "series")).toHaveLength(48);
    expect(texts(blocks)).toContain("Drawn are the first 48 of 50 replays.");
  });

  test("are summed up in the answer; guests are not compared with each other", () => {
    expect(analyze(resultsOf(study, { exact })).timeEffects.map(({ factor }) => factor)).toEqual(["policy", "policy"]);
    expect(texts(section(resultsOf(study, { exact }), "Answer")).slice(0, 2)).toEqual([
      "policy=follow: 2 guests gave back 512.00 MiB on average, 16.7 % of 3.00 GiB and never had to wait for a page.",
      "policy=peak: 2 guests gave back 512.00 MiB on average, 16.7 % of 3.00 GiB and had to wait for pages at 4 rows of the demand.",
    ]);
  });
});

describe("the report", () => {
  test("has its sections in order", () => {
    const { title, sections } = reportOf(analyzed({}), COMMAND);
    expect(title).toBe("A sample");
    expect(sections.map(({ heading }) => heading)).toEqual([
      "Question",
      "Answer",
      "Method",
      "Environment",
      "Results",
      "What this does not show",
      "Repeat it",
    ]);
    expect(sections[6].blocks).toEqual([{ kind: "command", text: COMMAND }]);
    expect(texts(sections[5].blocks)[0]).toBe("That it is worth it.");
    expect(texts(sections[5].blocks)[1]).toContain("no real hypervisor, no TLB shoot-down and no contention");
    expect(cells(tables(sections[3].blocks, "What was")[0])).toContainEqual(["wasm, balloon.wasm", "beef"]);
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
    expect(analyze(stopped).runs).toEqual({ exactPlanned: 2, exact: 2, timedPlanned: 30, timed: 22 });
    expect(analyze(stopped).timeEffects[0].main.n).toBe(7);
    const failures = section(stopped, "Failures");
    expect(cells(tables(failures, "Cases")[0])).toEqual([[first.id, "expected a size"]]);
    expect(texts(section(stopped, "Answer"))[0]).toBe("The study is not complete: 22 of 30 processes are timed.");
    expect(texts(section(results, "Method")).join()).toContain("Times: 10 rounds, not all of which were run; in each");
    const tried = { ...results, lines: [...lines, { ...results.lines[0], case: first.id }] as typeof results.lines };
    expect(analyze(tried).failures).toEqual([]);
    const environment = section(stopped, "Environment");
    expect(texts(environment)).toEqual(["The study was interrupted and resumed once."]);
    expect(cells(tables(environment, "What was")[0])[0]).toEqual(["cpu", "a processor", "another"]);
  });

  test("of nothing measured is a report still", () => {
    const blocks = section(resultsOf(studyOf(), { keep: () => false }), "Results");
    expect(texts(blocks)).toEqual(["No case was run."]);
  });

  test("is the same each time", () => {
    const [a, b] = [1, 2].map(() => JSON.stringify(reportOf(analyzed({}), COMMAND)));
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
