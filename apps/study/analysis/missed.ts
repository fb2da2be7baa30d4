/** Tells of the cases that did not reach a target of their workload. */
import { plural } from "xen-balloon/core";
import { isScript } from "../script.js";
import { DEFAULT_SETTLE_LIMIT_MS, type Study } from "../study.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { hasReached } from "./contrasts.js";
import { cutListText, durationText, levelText, listText, sizeText } from "./figures.js";

const MOST_NAMES = 6;
const UNCOMPARED =
  " Such a case is compared with no other: its waits and counts are those of the limit, and its times are of other work.";

/** Names the cases, and how far they were from their targets; null where all were reached. */
export function missedText({ study, cases }: Analysis): string | null {
  const missed = cases.filter(({ exact }) => !hasReached(exact));
  if (missed.length === 0) return null;
  const most = (of: (one: CaseAnalysis) => number): number => Math.max(...missed.map(of));
  const [out, into] = [most(({ exact }) => exact?.outMissedPages ?? 0), most(({ exact }) => exact?.inMissedPages ?? 0)];
  const ways = [
    ...(out > 0 ? [`${sizeText(out)} on the way out`] : []),
    ...(into > 0 ? [`${sizeText(into)} on the way in`] : []),
  ];
  return `Target not reached in ${missed.length} of ${plural(cases.length, "case")}${study.comparesLevels === false ? namesText(study, missed) : whereText(study, cases)}: up to ${listText(ways)} was missing when the driver gave up or ${endsText(missed)}.${study.comparesLevels === false ? "" : UNCOMPARED}`;
}

/** Names the cases: `, bulk with pv`. */
function namesText({ factors }: Study, missed: readonly CaseAnalysis[]): string {
  const names = missed.map(({ levels }) => factors.map((one) => levelText(one, levels[one.name])).join(" with "));
  return `, ${cutListText(names, MOST_NAMES)}`;
}

/** Names the levels of the factor that decides most whether a target is reached: `, with domain pv in 4 of 4`. */
function whereText({ factors }: Study, cases: readonly CaseAnalysis[]): string {
  const counted = factors.map((factor) => ({
    factor,
    levels: factor.levels.map(({ label }) => {
      const of = cases.filter(({ levels }) => levels[factor.name] === label);
      return { label, all: of.length, missed: of.filter(({ exact }) => !hasReached(exact)).length };
    }),
  }));
  const spread = ({ levels }: (typeof counted)[number]): number => {
    const parts = levels.map(({ all, missed }) => missed / Math.max(1, all));
    return Math.max(...parts) - Math.min(...parts);
  };
  const [most] = counted.toSorted((a, b) => spread(b) - spread(a));
  if (most === undefined || spread(most) === 0) return "";
  const names = most.levels
    .filter(({ missed }) => missed > 0)
    .map(({ label, all, missed }) => `${levelText(most.factor, label)} in ${missed} of ${all}`);
  return `, with ${most.factor.name} ${cutListText(names, MOST_NAMES)}`;
}

/** Tells when the cases were ended: a script says so itself. */
function endsText(cases: readonly CaseAnalysis[]): string {
  const named = cases.filter(({ settings }) => !isScript(settings.workload ?? ""));
  return [
    ...(named.length > 0 ? [`${limitsText(named)} had passed`] : []),
    ...(named.length < cases.length ? ["a phase of its script had ended"] : []),
  ].join(" or ");
}

/** The limits of a settle that cases have: `1 h of virtual time`; where the host is full for a time, they begin after it. */
export function limitsText(cases: readonly CaseAnalysis[]): string {
  const limits = new Set(cases.map(({ settings }) => settings.settleLimitMs ?? DEFAULT_SETTLE_LIMIT_MS));
  const texts = [...limits].sort((a, b) => a - b).map((ms) => durationText(ms / 1000));
  const isFull = cases.some(({ settings }) => settings.hostReturnSeconds !== undefined);
  return `${listText(texts)} of virtual time${isFull ? ", on the way in after other domains gave all back," : ""}`;
}
