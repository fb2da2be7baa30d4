/** Words the answer of a plan: the least host that is enough, who is worst off, and how the policies differ. */
import { countText, listText, significant } from "../../study/analysis/figures.js";
import { numberColumns, type Table, textColumns } from "../../study/report/document.js";
import { BAND_TEXT, cpuSeconds } from "./bill.js";
import { failureOf, type RanCase } from "./cases.js";
import {
  type Curve,
  enoughFrom,
  hasRun,
  isEnough,
  type Measure,
  type Point,
  pointsAt,
  rangeOf,
  refusals,
  shortGuests,
  shortKibMs,
  worstKibMs,
} from "./points.js";
import { mainReason } from "./reasons.js";
import { shortageSentence } from "./sentences.js";
import { gibHoursText, rangeText, sizeWords, timeWords } from "./words.js";

/** Failed cases beyond these are in their table alone. */
const MOST_FAILURES = 3;

const targetWrites: Measure = (outcome) => outcome.targetWrites;

/** Three sentences at most: which size is enough, who is worst off, how the policies differ. */
export function answerSentences(curves: readonly Curve[], size: number): readonly string[] {
  const points = pointsAt(curves, size);
  return [sizesSentence(curves), ...worstSentence(points), differenceSentence(points)];
}

/** Reasons not to trust the rest: the cases that failed. */
export function warningTexts(cases: readonly RanCase[]): readonly string[] {
  const failed = cases.flatMap((one) => {
    const failure = failureOf(one);
    return failure === null ? [] : [`${levelsText(one.levels)}: ${failure}`];
  });
  if (failed.length === 0) return [];
  const more = failed.length - MOST_FAILURES;
  const told = [
    ...failed.slice(0, MOST_FAILURES),
    ...(more > 0 ? [`All ${failed.length} are in the table of failures`] : []),
  ];
  return [
    `${failed.length} of ${cases.length} cases failed, and the answer leaves them out.${told.map((text) => `\n${text}.`).join("")}`,
  ];
}

/** `policy qmemman, host 64 GiB`. */
function levelsText(levels: RanCase["levels"]): string {
  return Object.entries(levels)
    .map(([factor, label]) => `${factor} ${label}`)
    .join(", ");
}

/** `Enough is 72 GiB under qmemman. Under keep none of the sizes from 48 GiB to 96 GiB is: on the largest …`. */
function sizesSentence(curves: readonly Curve[]): string {
  const ran = curves.filter(({ points }) => points.length > 0);
  const enough = ran.flatMap(({ label, points }) => {
    const from = enoughFrom(points);
    if (from === null) return [];
    const least = from === points[0].totalKib && points.length > 1 ? ", the least that was run," : "";
    return [`${sizeWords(from)}${least} under ${label}`];
  });
  const never = ran.filter(({ points }) => enoughFrom(points) === null);
  const found =
    enough.length === 0 ? [] : [`Every guest starts and none is ever short of memory on ${listText(enough)}.`];
  return [...found, ...(never.length === 0 ? [] : [neverText(never)])].join(" ");
}

/** Tells of policies under which no size is enough what is missing on the largest, where that is least. */
function neverText(curves: readonly Curve[]): string {
  const labels = listText(curves.map(({ label }) => label));
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ totalKib }) => totalKib)))].sort(
    (a, b) => a - b,
  );
  const [least, most] = [sizes[0], sizes[sizes.length - 1]].map(sizeWords);
  const tried = least === most ? `${least} is not enough` : `none of the sizes from ${least} to ${most} is enough`;
  const ends = curves.map(({ points }) => points[points.length - 1]);
  // a guest that never ran is short of nothing
  const [nearest] = ends.toSorted(
    (a, b) => missing(a) - missing(b) || rangeOf(a, shortKibMs).high - rangeOf(b, shortKibMs).high,
  );
  const who = curves.length === 1 ? "" : `${nearest.curve} comes nearest: `;
  return `Under ${labels} ${tried}; ${who}on ${sizeWords(nearest.totalKib)} ${remains(nearest)}.`;
}

/** Guests that never ran, and starts that were refused. */
function missing(point: Point): number {
  const never: Measure = ({ guests }) => guests.filter((guest) => !hasRun(guest)).length;
  return Math.max(rangeOf(point, never).high, rangeOf(point, refusals).high);
}

/** Tells the shortage on a host that is not enough: `3 of 40 guests are short, by 0.02 GiB·h in all`. */
function remains(point: Point): string {
  const { guests } = point.runs[0].outcome;
  const [short, refused] = [shortGuests, refusals].map((measure) => rangeOf(point, measure));
  const ended = guests.filter((guest) => guest.ended !== null).length;
  const never = guests.filter((guest) => !hasRun(guest)).length;
  const are = (count: number): string => (count === 1 ? "is" : "are");
  const parts = [
    short.high === 0
      ? ""
      : `${rangeText(short, countText)} of ${guests.length} guests ${are(short.high)} short, by ${rangeText(rangeOf(point, shortKibMs), gibHoursText)} GiB·h in all${mostly(point)}`,
    refused.high === 0
      ? ""
      : `${rangeText(refused, countText)} ${refused.high === 1 ? "start" : "starts"} ${are(refused.high)} refused`,
    ended === 0 ? "" : `${ended} ended before ${ended === 1 ? "its" : "their"} time`,
    refused.high > 0 || never === 0 ? "" : `${never} never ${never === 1 ? "runs" : "run"}`,
  ].filter((part) => part !== "");
  return listText(parts);
}

/** `, most of it for the reason “moving”`. */
function mostly({ runs }: Point): string {
  const reason = mainReason(runs[0].outcome);
  return reason === null ? "" : `, most of it for the reason “${reason}”`;
}

/** Names the guest that is short of most under any policy, and why. */
function worstSentence(points: readonly Point[]): readonly string[] {
  const all = points.flatMap((point) =>
    point.runs.flatMap((run) => run.outcome.guests.map((guest) => ({ point, run, guest }))),
  );
  const worst = all.toSorted((a, b) => b.guest.shortKibMs - a.guest.shortKibMs)[0];
  if (worst === undefined || worst.guest.shortKibMs === 0) return [];
  const { point, run, guest } = worst;
  const speed = point.runs.length > 1 ? `, at ${run.outcome.usPerPage} µs a page` : "";
  return [`Worst off on ${sizeWords(point.totalKib)}, under ${point.curve}${speed}: ${shortageSentence(run, guest)}`];
}

/** Tells what the policies differ in: the shortage that they leave, and what their work costs. */
function differenceSentence(points: readonly Point[]): string {
  const [first] = points;
  const { outcome } = first.runs[0];
  const where = `In ${timeWords(outcome.spanMs)} on ${sizeWords(first.totalKib)}`;
  const short = (point: Point): string => `${rangeText(rangeOf(point, shortKibMs), gibHoursText)} GiB·h`;
  const work = (point: Point): string =>
    `${rangeText(rangeOf(point, targetWrites), countText)} targets; moving the memory takes ${rangeText(cpuSeconds(point), significant)} s of CPU time`;
  if (points.length === 1)
    return `${where}, ${first.curve} leaves ${short(first)} of shortage and writes ${work(first)}.`;
  const by = (measure: Measure) =>
    points.toSorted(
      (a, b) =>
        rangeOf(b, measure).high - rangeOf(a, measure).high || rangeOf(b, measure).low - rangeOf(a, measure).low,
    );
  const shortest = by(shortKibMs);
  const [most, least] = [shortest[0], shortest[shortest.length - 1]];
  const [busiest] = by(targetWrites);
  const leaves =
    short(most) === short(least)
      ? `the policies leave the same shortage, ${short(most)}`
      : `${most.curve} leaves most shortage, ${short(most)}, and ${least.curve} least, ${short(least)}`;
  const writes =
    rangeOf(busiest, targetWrites).high === 0
      ? "none of them writes a target"
      : `${busiest.curve} writes most, ${work(busiest)}`;
  return `${where}, ${leaves}; ${writes}.`;
}

/** A row for each policy. */
export function policyTable(curves: readonly Curve[], size: number): Table {
  const headings = [
    "guests short",
    "shortage, GiB·h",
    "worst guest, GiB·h",
    "starts refused",
    "target writes",
    "CPU, s",
  ];
  return {
    kind: "table",
    caption: `The policies on ${sizeWords(size)}.`,
    columns: [...textColumns(["policy", "enough"]), ...numberColumns(headings)],
    rows: curves.map(({ label, points }) => {
      const from = enoughFrom(points);
      const enough =
        from === null ? (points.some(isEnough) ? "not from any size on" : "no size") : `from ${sizeWords(from)}`;
      const point = points.find(({ totalKib }) => totalKib === size);
      const cells =
        point === undefined
          ? headings.map(() => "not run")
          : [
              rangeText(rangeOf(point, shortGuests), countText),
              rangeText(rangeOf(point, shortKibMs), gibHoursText),
              rangeText(rangeOf(point, worstKibMs), gibHoursText),
              rangeText(rangeOf(point, refusals), countText),
              rangeText(rangeOf(point, targetWrites), countText),
              rangeText(cpuSeconds(point), significant),
            ];
      return [label, points.length === 0 ? "not run" : enough, ...cells].map((text) => ({ text }));
    }),
    note: `Enough: the least size from which on every guest starts, lives and is never short of memory, of the sizes that were run. A–B: between the speeds that were run; CPU: ${BAND_TEXT}.`,
  };
}
