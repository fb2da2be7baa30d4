/** Makes of the results of a plan what its report reads. */
import { caseHostOf } from "./options.js";
import type { HostCase } from "./plan.js";
import type { RanPlan } from "./report/cases.js";
import type { HostHeader, HostResults } from "./results.js";

/** Factors of these settings alone make the points of a curve, and not other curves. */
const WITHIN_CURVE: ReadonlySet<string> = new Set(["size", "usPerPage"]);

export function ranPlanOf({ header, lines }: HostResults): RanPlan {
  const { study, cases, demands = [], doubts = [], vectors = [] } = header;
  const outcomes = new Map(lines.flatMap((line) => (line.kind === "exact" ? [[line.case, line.measures]] : [])));
  const problems = new Map(lines.flatMap((line) => (line.kind === "failed" ? [[line.case, line.problem]] : [])));
  return {
    title: study.title,
    question: study.question,
    doesNotShow: study.doesNotShow,
    reading: study.reading,
    readings: demands,
    doubts,
    vectors,
    cases: cases.map((one) => {
      const outcome = outcomes.get(one.id) ?? null;
      const { id, levels, settings } = one;
      return {
        id,
        levels,
        curve: curveOf(header, one),
        options: caseHostOf(study, settings),
        outcome,
        problem: outcome === null ? (problems.get(id) ?? "it was not run yet") : null,
      };
    }),
  };
}

/** The policy, with the levels of all factors that are not within a curve. */
function curveOf({ study: { factors } }: HostHeader, { levels, settings }: HostCase): string {
  const others = factors.filter(({ name, levels: all }) => {
    return (
      name !== "policy" && !all.every((level) => Object.keys(level.settings).every((key) => WITHIN_CURVE.has(key)))
    );
  });
  return [settings.policy ?? "", ...others.map(({ name }) => `${name} ${levels[name]}`)].join(", ");
}
