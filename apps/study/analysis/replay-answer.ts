/** Words what the balloons of a replay did. */
import type { Analysis } from "./analysis.js";
import { percentText, sizeText, withCommas } from "./figures.js";
import { type Replayed, type ReplayGroup, replayGroups } from "./replays.js";

/** With more groups of guests the sentences are about the extremes alone. */
const MOST_GROUPS = 4;

export function replaySentences(analysis: Analysis): readonly string[] {
  const { measures } = analysis.study;
  const groups = replayGroups(analysis);
  if (groups.length === 0) return [];
  const told = groups.length <= MOST_GROUPS ? groups : extremesOf(groups);
  const sentences = told.map((group) => groupSentence(group, measures.includes("shortPages")));
  const all = groups.flatMap(({ guests }) => guests);
  if (groups.length === 1 && all.length > 1) {
    const ranked = all.toSorted((a, b) => partOf([b]) - partOf([a]));
    const [most, least] = [ranked[0], ranked[ranked.length - 1]];
    sentences.push(
      `Most came from ${nameOf(most)} (${percentText(partOf([most]))} of what it was sold), least from ${nameOf(least)} (${percentText(partOf([least]))}).`,
    );
  }
  return sentences;
}

function groupSentence({ label, guests }: ReplayGroup, withShort: boolean): string {
  const who = guests.length > 1 ? `${guests.length} guests` : "the guest";
  const given = sum(guests, ({ replay }) => replay.givenBackPages);
  const sold = sum(guests, ({ replay }) => replay.soldPages);
  const subject = label === "" ? who.replace("the", "The") : `${label}: ${who}`;
  const gave = `${subject} gave back ${sizeText(given)} on average, ${percentText(partOf(guests))} of the ${sizeText(sold)} sold`;
  if (!withShort) return `${gave}.`;
  const rows = sum(guests, ({ replay }) => replay.shortRows);
  if (rows === 0) return `${gave}, and never wanted memory that the balloon still had.`;
  const short = guests.filter(({ replay }) => replay.shortRows > 0).length;
  const some = guests.length > 1 ? `${short} of them` : "it";
  return `${gave}; ${some} wanted memory that the balloon still had, at ${withCommas(rows)} ${rows === 1 ? "row" : "rows"} of the demand.`;
}

/** The groups that give back most and least. */
function extremesOf(groups: readonly ReplayGroup[]): readonly ReplayGroup[] {
  const ranked = groups.toSorted((a, b) => partOf(b.guests) - partOf(a.guests));
  return [ranked[0], ranked[ranked.length - 1]];
}

/** The part of what guests were sold that they gave back. */
export function partOf(guests: readonly Replayed[]): number {
  return (
    sum(guests, ({ replay }) => replay.givenBackPages) /
    Math.max(
      1,
      sum(guests, ({ replay }) => replay.soldPages),
    )
  );
}

export function nameOf({ one }: Replayed): string {
  return one.settings.vm ? `vm ${one.settings.vm}` : "the guest";
}

function sum(guests: readonly Replayed[], value: (one: Replayed) => number): number {
  return guests.reduce((total, one) => total + value(one), 0);
}
