/** Says in a sentence why a guest was short of memory, why one could not start, and what else became of one. */
import { everyGuest } from "xen-balloon/core";
import type { GuestOutcome, HostOutcome, Reason, StartOutcome } from "xen-balloon/toolstack";
import { listText } from "../../study/analysis/figures.js";
import { type HostRun, hasRun, type Point } from "./points.js";
import { REASON_WORDS } from "./reason-words.js";
import { sizeWords, timeWords } from "./words.js";

/** A reason with less than this part of a guest's shortage is in the tables alone. */
const LEAST_PART = 0.01;
/** Reasons in a sentence. */
const MOST_REASONS = 3;
/** Donors in a sentence. */
const MOST_DONORS = 3;
/** A size this near to the minimum or the maximum is it: domains hold some pages beside their target. */
const NEAR_KIB = 1024;

/** A sentence about a guest. */
export interface GuestSentence {
  readonly guest: string;
  readonly text: string;
}

/** The guests of a point in its fastest run, then those that got less at a slower speed alone. */
export function pointSentences({ runs: [fastest, ...slower] }: Point): readonly GuestSentence[] {
  const sentences = [...guestSentences(fastest)];
  for (const run of slower) {
    const others = guestSentences(run).filter(({ guest }) => sentences.every((known) => known.guest !== guest));
    const speed = `At ${run.outcome.usPerPage} µs a page:`;
    sentences.push(...others.map(({ guest, text }) => ({ guest, text: `${speed} ${text}` })));
  }
  return sentences;
}

/** The guests that did not get what they asked for, a sentence each: those that never ran, then the worst first. */
export function guestSentences(run: HostRun): readonly GuestSentence[] {
  const { guests, starts } = run.outcome;
  const never = guests.flatMap((guest) => (hasRun(guest) ? [] : [{ guest: guest.name, text: absence(run, guest) }]));
  const known = new Set(never.map(({ guest }) => guest));
  const refused = starts.flatMap((start) =>
    start.grantedKib === null && !known.has(start.name)
      ? [{ guest: start.name, text: refusalSentence(run.outcome, start) }]
      : [],
  );
  const short = guests
    .filter((guest) => guest.shortKibMs > 0)
    .sort((a, b) => b.shortKibMs - a.shortKibMs)
    .map((guest) => ({ guest: guest.name, text: shortageSentence(run, guest) }));
  const ended = guests.flatMap(({ name, ended }) =>
    ended === null ? [] : [{ guest: name, text: `${name} ended before its time: ${ended}.` }],
  );
  return [...never, ...refused, ...ended, ...short];
}

/** `web3 was short for 3 h 24 min, of 1.2 GiB at worst, because …`. */
export function shortageSentence(run: HostRun, guest: GuestOutcome): string {
  const { name, shortMs, worstShortKib, shortKibMs, reasons, kills } = guest;
  const told = reasons.filter((one) => one.shortKibMs >= LEAST_PART * shortKibMs).slice(0, MOST_REASONS);
  const [only] = told;
  const because = ({ reason }: (typeof told)[number]): string => `because ${shortageClause(run, guest, reason)}`;
  const why =
    only === undefined
      ? "; no reason was given"
      : told.length === 1
        ? `, ${because(only)}`
        : `: ${told.map((one) => `for ${timeWords(one.ms)} ${because(one)}`).join("; ")}`;
  const killed = kills === 0 ? "" : ` The OOM killer came ${kills === 1 ? "once" : `${kills} times`}.`;
  return `${name} was short for ${timeWords(shortMs)}, of ${sizeWords(worstShortKib)} at worst${why}.${killed}`;
}

function shortageClause(run: HostRun, guest: GuestOutcome, reason: Reason): string {
  const { outcome } = run;
  const words = REASON_WORDS[reason].short(outcome.policy);
  const worst = worstMoment(outcome, guest);
  if (reason === "demand-unseen" && worst !== null) return `${words}, and kept it at ${sizeOf(guest, worst.targetKib)}`;
  if (reason === "maxmem" && worst !== null) return `${words} than ${sizeWords(worst.mostHeldKib)}`;
  if (reason === "not-reporting") return `${words}: ${silenceOf(run, guest)}`;
  if (reason === "stuck-donor" && worst !== null) return `${words}${stuckDonors(outcome, guest, worst.slice)}`;
  return words;
}

/** `: at the worst moment db held 1.2 GiB more than told to`; empty where nobody else did in that slice. */
function stuckDonors({ guests, timeLine }: HostOutcome, guest: GuestOutcome, slice: number): string {
  const above = guests
    .map(({ name }, i) => {
      const { heldKib, targetKib } = timeLine.guests[i];
      return { name, kib: heldKib[slice] - targetKib[slice] };
    })
    .filter(({ name, kib }) => name !== guest.name && kib > NEAR_KIB)
    .sort((a, b) => b.kib - a.kib)
    .slice(0, MOST_DONORS);
  if (above.length === 0) return "";
  return `: at the worst moment ${listText(above.map(({ name, kib }) => `${name} held ${sizeWords(kib)}`))} more than told to`;
}

/** `2 GiB, its minimum`. */
function sizeOf({ minimumKib, maximumKib }: GuestOutcome, kib: number): string {
  const isNear = (other: number): boolean => Math.abs(kib - other) <= NEAR_KIB;
  if (isNear(maximumKib)) return `${sizeWords(kib)}, its maximum`;
  return isNear(minimumKib) ? `${sizeWords(kib)}, its minimum` : `${sizeWords(kib)} of its ${sizeWords(maximumKib)}`;
}

function silenceOf({ case: { options } }: HostRun, { name }: GuestOutcome): string {
  const made = everyGuest(options).find((one) => one.name === name);
  if (made?.balloons === false) return "it has no balloon driver";
  return made?.reports === false ? "it does not report the memory that it uses" : "it had reported nothing";
}

/** A sampled moment of a guest that was short. */
interface Moment {
  readonly slice: number;
  readonly targetKib: number;
  /** The most that the guest held at any sampled moment at which it was short. */
  readonly mostHeldKib: number;
}

/** The sampled moment at which the guest missed most; null where it missed nothing at any of them. */
function worstMoment({ guests, timeLine }: HostOutcome, guest: GuestOutcome): Moment | null {
  const { usedKib = [], heldKib = [], targetKib = [] } = timeLine.guests[guests.indexOf(guest)] ?? {};
  let worst = -1;
  let mostHeldKib = 0;
  for (const [at, used] of usedKib.entries()) {
    if (used <= heldKib[at]) continue;
    mostHeldKib = Math.max(mostHeldKib, heldKib[at]);
    if (worst < 0 || used - heldKib[at] > usedKib[worst] - heldKib[worst]) worst = at;
  }
  return worst < 0 ? null : { slice: worst, targetKib: targetKib[worst], mostHeldKib };
}

/** Says why a guest never ran. */
function absence({ outcome, case: { options } }: HostRun, { name }: GuestOutcome): string {
  const start = outcome.starts.find((one) => one.name === name);
  if (start !== undefined) {
    if (start.grantedKib === null) return refusalSentence(outcome, start);
    const { atMs, waitedMs } = start;
    return `${name} never ran: its start, asked for at ${timeWords(atMs)}, was granted ${timeWords(waitedMs)} later, when its time was over.`;
  }
  const { startMs = 0 } = options.guests.find((one) => one.name === name) ?? {};
  return startMs < outcome.spanMs
    ? `${name} never ran: its start was asked for at ${timeWords(startMs)}, and had no answer when the run ended.`
    : `${name} never ran: it was to start at ${timeWords(startMs)}, after the end of the run.`;
}

/** `web9 could not start at 3 h 20 min, because …`. */
function refusalSentence({ policy }: HostOutcome, start: StartOutcome): string {
  const { name, atMs, waitedMs, reason, words } = start;
  const why = reason === null ? "; no reason was given" : `, because ${REASON_WORDS[reason].refused(policy)}`;
  const took = waitedMs > 0 ? ` The answer took ${timeWords(waitedMs)}.` : "";
  const said = words === "" ? "" : ` ${policy} said: “${words}”.`;
  return `${name} could not start at ${timeWords(atMs)}${why}.${took}${donorsSentence(start)}${said}`;
}

/** ` Meanwhile Domain-0 gave 144 MiB, and had 37 GiB more to give.` */
function donorsSentence({ donors }: StartOutcome): string {
  if (donors.length === 0) return "";
  const most = donors.toSorted((a, b) => b.gaveKib + b.toGiveKib - a.gaveKib - a.toGiveKib).slice(0, MOST_DONORS);
  const told = most.map(({ name, gaveKib, toGiveKib }) => {
    if (toGiveKib === 0) return `${name} gave ${sizeWords(gaveKib)}`;
    if (gaveKib === 0) return `${name} gave nothing of ${sizeWords(toGiveKib)} that it was to give`;
    return `${name} gave ${sizeWords(gaveKib)} and had ${sizeWords(toGiveKib)} more to give`;
  });
  const others = donors.length - most.length;
  const more = others === 0 ? [] : [`${others} more gave less, or nothing yet`];
  return ` Meanwhile ${[...told, ...more].join("; ")}.`;
}
