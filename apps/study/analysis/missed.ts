/** Tells of the cases that did not reach a target of their workload. */
import { plural } from "xen-balloon/core";
import { DEFAULT_SETTLE_LIMIT_MS } from "../study.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { hasReached } from "./contrasts.js";
import { cutListText, durationText, levelsText, listText, sizeText } from "./figures.js";

const MOST_NAMES = 6;

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
  const names = missed.map((one) => levelsText(study.factors, one));
  const which = names[0] === "" ? "" : ` (${cutListText([...new Set(names)], MOST_NAMES)})`;
  return `Target not reached in ${missed.length} of ${plural(cases.length, "case")}${which}: up to ${listText(ways)} was missing when the driver gave up or ${limitsText(missed)} of virtual time had passed. Such a case is compared with no other: its waits and counts are those of the limit, and its times are of other work.`;
}

/** The limits of a settle that cases have: `1 h`. */
export function limitsText(cases: readonly CaseAnalysis[]): string {
  const limits = new Set(cases.map(({ settings }) => settings.settleLimitMs ?? DEFAULT_SETTLE_LIMIT_MS));
  return listText([...limits].sort((a, b) => a - b).map((ms) => durationText(ms / 1000)));
}
