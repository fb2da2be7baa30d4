/** The comparison finds the changes from one results file to another. */
import { describe, expect, test } from "vitest";
import { comparisonLines } from "../../apps/cli/comparison-lines.js";
import { compare } from "../../apps/study/compare.js";
import type { Case } from "../../apps/study/plan.js";
import type { Study } from "../../apps/study/study.js";
import { factor, resultsOf, studyOf } from "../support/study-results.js";

const study = studyOf();
const scrubs = (one: Case) => one.levels.scrub === "true";

describe("times", () => {
  test("of the same are not called changed", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const comparison = compare(resultsOf(study, { seed }), resultsOf(study, { seed: 100 + seed }));
      expect(comparison.times).toHaveLength(4);
      expect(comparison.verdict).not.toBe("changed");
    }
  });

  test("a change beyond the noise is real, in its case alone", () => {
    const after = resultsOf(study, { seed: 2, ns: (one) => (scrubs(one) ? 13 : 10) });
    const comparison = compare(resultsOf(study), after);
    expect(comparison.verdict).toBe("changed");
    expect(comparison.processesNeeded).toBeNull();
    for (const change of comparison.times) {
      const slower = change.case.includes("true");
      expect(change.real).toBe(slower);
      expect(change.ratio).toBeCloseTo(slower ? 1.3 : 1, 1);
    }
    expect(comparisonLines(comparison, (id) => id).join("\n")).toMatch(/"scrub":true.*slower/);
    const back = comparisonLines(compare(after, resultsOf(study)), (id) => id);
    expect(back.join("\n")).toMatch(/"scrub":true.*faster/);
    expect(back.at(-1)).toBe("There are changes.");
  });

  test("a change of 4 % is not, however sure", () => {
    const comparison = compare(resultsOf(study, { noise: 0.001 }), resultsOf(study, { noise: 0.001, ns: () => 10.4 }));
    expect(comparison.leastChange).toEqual({ first: 0.05, warm: 0.05 });
    for (const { p, real } of comparison.times) {
      expect(p).toBeLessThan(0.01);
      expect(real).toBe(false);
    }
    expect(comparison.verdict).not.toBe("changed");
  });

  test("nor is one within the noise of either file", () => {
    const before = resultsOf(study, { noise: 0.9 });
    const after = resultsOf(study, { noise: 0.001, ns: () => 11 });
    for (const comparison of [compare(before, after), compare(after, before)]) {
      expect(comparison.leastChange.warm).toBeGreaterThan(0.2);
      expect(comparison.times.some(({ real }) => real)).toBe(false);
    }
  });

  test("nor is one that the machine's own pace accounts for", () => {
    const before = resultsOf(study);
    const said = (ns: (one: Case) => number, paceNs: number) => {
      const comparison = compare(before, resultsOf(study, { seed: 2, ns, paceNs }));
      return { ...comparison, lines: comparisonLines(comparison, (id) => id) };
    };
    const slow = said(() => 16, 8e6);
    expect(slow.verdict).toBe("unchanged");
    expect(slow.lines.filter((line) => / ×1\.\d+ .* no difference shown$/.test(line))).toHaveLength(4);
    expect(slow.lines).toContain(
      "The machine's time for the same work is ×1.60 from before to after: a change must remain where that is divided out.",
    );
    expect(said(() => 10, 8e6).verdict).toBe("unchanged");
    expect(said(() => 6, 3e6).verdict).toBe("unchanged");
    // beyond it, in its case alone
    const slower = said((one) => (scrubs(one) ? 24 : 16), 8e6);
    expect(slower.times.map(({ real }) => real)).toEqual([false, false, true, true]);
    expect(said((one) => (scrubs(one) ? 8 : 16), 8e6).times.map(({ real }) => real)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    // the other way, there is nothing to account for
    expect(said(() => 16, 4e6).times.every(({ real }) => real)).toBe(true);
    expect(said(() => 16, 5.1e6).lines.join()).not.toContain("The machine's time");
  });

  test("p is corrected for how many are compared", () => {
    const wide = (replications: number) =>
      studyOf({ replications, factors: [factor("pages", "maxPfn", [1, 2, 3, 4, 5, 6, 7, 8])] });
    const doubled = (one: Study) => compare(resultsOf(one), resultsOf(one, { seed: 5, ns: () => 20 }));
    // 4 x 2 / 924 is below 0.01, 16 x 2 / 924 is not, 16 x 2 / 3432 is
    expect(doubled(studyOf({ replications: 6 })).times.every(({ real }) => real)).toBe(true);
    expect(doubled(wide(6))).toMatchObject({ processesNeeded: 7, verdict: "blind" });
    expect(doubled(wide(7))).toMatchObject({ processesNeeded: null, verdict: "changed" });
  });

  test("says when there are too few processes for any change", () => {
    const few = studyOf({ replications: 3 });
    const comparison = compare(resultsOf(few), resultsOf(few, { ns: () => 100 }));
    expect(comparison.verdict).not.toBe("changed");
    // 4 x 2 / 252 is above 0.01, 4 x 2 / 924 is not
    expect(comparison.processesNeeded).toBe(6);
    expect(comparison.verdict).toBe("blind");
    expect(comparison.shows).toEqual({ first: null, warm: null });
    expect(comparisonLines(comparison, (id) => id).at(-1)).toBe(
      "No change of time could have been shown: this is no sign that there is none.",
    );
    expect(comparisonLines(comparison, (id) => id)).toContain(
      "There are too few processes for any change of time to be shown: 4 comparisons need 6 or more a case in both.",
    );
  });

  test("tells the least change that would have been shown; where not even a double would, that nothing could be", () => {
    const loud = compare(resultsOf(study, { noise: 0.95 }), resultsOf(study, { noise: 0.95, seed: 3 }));
    expect(loud.shows.warm).toBeGreaterThan(1);
    expect(loud.verdict).toBe("blind");
    const quiet = compare(resultsOf(study, { noise: 0.1 }), resultsOf(study, { noise: 0.1, seed: 3 }));
    expect(quiet.verdict).toBe("unchanged");
    expect(quiet.shows.warm).toBeGreaterThan(0.05);
    expect(comparisonLines(quiet, (id) => id).join("\n")).toMatch(
      /A change of \d+\.\d+ % once warm would have been shown, in 4 of 5 such comparisons\./,
    );
  });

  test("of a machine that was busier are said to be", () => {
    const ended = (load: number) => {
      const results = resultsOf(study);
      const line = { kind: "ended", date: "2026-11-23", loadAverage: [load, 1, 1] } as const;
      return { ...results, lines: [...results.lines, line] };
    };
    const busier =
      "The machine was not equally busy: its load was 1.1 before and 3.2 after. Measure both while it is quiet.";
    expect(comparisonLines(compare(ended(1.1), ended(3.2)), (id) => id)).toContain(busier);
    const alike = [compare(ended(1.1), ended(1.9)), compare(ended(1.1), resultsOf(study))];
    for (const comparison of alike) expect(comparisonLines(comparison, (id) => id).join()).not.toContain("busy");
  });

  test("of another machine are said to be", () => {
    const after = resultsOf(study);
    const other = { ...after, header: { ...after.header, environment: { cpu: "another", runtime: "Node 20.20.2" } } };
    expect(comparisonLines(compare(resultsOf(study), other), (id) => id)).toContain(
      "Times are not of the same machine: they differ in cpu.",
    );
  });

  const resumedIn = (runtime: string) => {
    const results = resultsOf(study);
    const environment = { ...results.header.environment, runtime };
    return { ...results, lines: [...results.lines, { kind: "resumed", environment } as const] };
  };

  test("that went on in another runtime are said to be of another", () => {
    const { otherEnvironment, pace } = compare(resultsOf(study), resumedIn("Bun 1.4.5"));
    expect({ otherEnvironment, pace }).toEqual({ otherEnvironment: ["runtime"], pace: 1 });
  });

  test("that went on in the same are not, nor are those of which it is not known", () => {
    expect(compare(resultsOf(study), resumedIn("Node 20.20.2")).otherEnvironment).toEqual([]);
    const { runtime: _, ...unknown } = resultsOf(study).header.environment as Record<string, unknown>;
    const old = { ...resultsOf(study), header: { ...resultsOf(study).header, environment: unknown } };
    expect(compare(old, resultsOf(study)).otherEnvironment).toEqual([]);
  });
});

describe("exact measures", () => {
  test("any difference is real", () => {
    const after = resultsOf(study, {
      exact: (one) => (scrubs(one) ? { memoryOps: 5, extentsPerCall: [[512, 5]] } : {}),
    });
    const comparison = compare(resultsOf(study), after);
    expect(comparison.exactCases).toBe(2);
    expect(comparison.verdict).toBe("changed");
    expect(comparison.exact).toEqual([
      { case: '{"scrub":true} seed 1', measure: "memoryOps", before: "4", after: "5" },
      { case: '{"scrub":true} seed 1', measure: "extentsPerCall", before: "[[512,4]]", after: "[[512,5]]" },
    ]);
    expect(comparisonLines(comparison, (id) => id)[0]).toBe("Exact measures: 2 cases compared, 2 differences.");
    const [exact] = comparison.exact;
    const large = { ...comparison, exact: [{ ...exact, before: "1234567", after: "12" }] };
    expect(comparisonLines(large, (id) => id).join()).toMatch(/memoryOps +1,234,567 +12/);
  });

  test("are compared without times", () => {
    const keep = ({ kind }: { kind: string }) => kind === "exact";
    const comparison = compare(resultsOf(study, { keep }), resultsOf(study));
    expect(comparison).toMatchObject({ times: [], exactCases: 2, verdict: "unchanged", processesNeeded: null });
    expect(comparisonLines(comparison, (id) => id)).toEqual([
      "Exact measures: 2 cases compared, 0 differences.",
      "No difference is shown.",
    ]);
  });
});

test("cases of one file alone are listed", () => {
  const more = studyOf({ factors: [factor("scrub", "scrub", [false, true]), factor("cpus", "cpus", [1])] });
  const less = studyOf({ factors: [factor("scrub", "scrub", [false])] });
  const comparison = compare(resultsOf(less), resultsOf(study));
  expect(comparison.onlyBefore).toEqual([]);
  expect(comparison.onlyAfter).toEqual(['{"scrub":true} seed 1']);
  expect(comparisonLines(comparison, (id) => id)).toContain('only after: {"scrub":true} seed 1');
  expect(compare(resultsOf(study), resultsOf(less)).onlyBefore).toEqual(['{"scrub":true} seed 1']);
  expect(() => compare(resultsOf(study), resultsOf(more))).toThrow(
    'expected two results with a case in common, got "sample" with 2 cases run and "sample" with 2, none of them the same',
  );
});
