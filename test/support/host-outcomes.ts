/** Outcomes of hosts that were never run: every sum follows from what each guest uses and holds, slice by slice. */
import type { CaseOptions, RanCase, RanPlan } from "../../apps/host/report/cases.js";
import type { GuestOutcome, HostOutcome, ReasonShare, StartOutcome } from "../../src/toolstack/outcome.js";
import type { Reason } from "../../src/toolstack/xen.js";

export const GIB_KIB: number = 2 ** 20;
export const HOUR_MS: number = 3_600_000;

/** A guest as a test wants it. Sizes in KiB, a value for each slice of the run. */
export interface MadeGuest {
  readonly name: string;
  readonly usedKib: readonly number[];
  readonly heldKib: readonly number[];
  /** Default: held. */
  readonly targetKib?: readonly number[];
  /** Default: 1 GiB. */
  readonly minimumKib?: number;
  /** Default: 8 GiB. */
  readonly maximumKib?: number;
  /** The reason of each slice in which it is short, or one for all. Default: no reason is given. */
  readonly reasons?: Reason | readonly Reason[];
  /** Further fields of its outcome. */
  readonly other?: Partial<GuestOutcome>;
}

/** @param change - what came of the host beside its guests; a slice is an hour long. */
export function outcomeOf(guests: readonly MadeGuest[], change: Partial<HostOutcome> = {}): HostOutcome {
  const { totalKib = 64 * GIB_KIB } = change;
  const slices = guests[0]?.usedKib.length ?? 0;
  const perSlice = (value: (at: number) => number): number[] => Array.from({ length: slices }, (_, at) => value(at));
  const sum = (of: (guest: MadeGuest) => readonly number[]): number[] =>
    perSlice((at) => guests.reduce((total, guest) => total + (of(guest)[at] ?? 0), 0));
  const heldKib = sum((guest) => guest.heldKib);
  const free = heldKib.map((held) => totalKib - held);
  const made = guests.map(guestOf);
  return {
    policy: "squeezed",
    totalKib,
    spanMs: slices * HOUR_MS,
    usPerPage: 4.3,
    guests: made,
    starts: [],
    timeLine: {
      timeMs: perSlice((at) => (at + 1) * HOUR_MS),
      freeKib: free,
      leastFreeKib: free,
      usedKib: sum((guest) => guest.usedKib),
      heldKib,
      targetKib: sum(({ heldKib, targetKib = heldKib }) => targetKib),
      guests: guests.map(({ usedKib, heldKib, targetKib = heldKib }) => ({ usedKib, heldKib, targetKib })),
    },
    targetWrites: made.reduce((total, { targetWrites }) => total + targetWrites, 0),
    pagesMoved: made.reduce((total, { pagesOut, pagesIn }) => total + pagesOut + pagesIn, 0),
    policyFailure: null,
    ...change,
  };
}

function guestOf(guest: MadeGuest, at: number): GuestOutcome {
  const { name, usedKib, heldKib, minimumKib = GIB_KIB, maximumKib = 8 * GIB_KIB, other } = guest;
  const steps = heldKib.slice(1).map((held, i) => (held - heldKib[i]) / 4);
  const shorts = usedKib.map((used, i) => Math.max(0, used - heldKib[i]));
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const atMinimum = heldKib.map((held) => held <= minimumKib);
  return {
    name,
    domid: at + 1,
    minimumKib,
    maximumKib,
    ranMs: usedKib.length * HOUR_MS,
    askedKibMs: total(usedKib) * HOUR_MS,
    gotKibMs: (total(usedKib) - total(shorts)) * HOUR_MS,
    shortKibMs: total(shorts) * HOUR_MS,
    shortMs: shorts.filter((short) => short > 0).length * HOUR_MS,
    worstShortKib: Math.max(0, ...shorts),
    idleKibMs: total(heldKib.map((held, i) => Math.max(0, held - usedKib[i]))) * HOUR_MS,
    atMinimumTimes: atMinimum.filter((low, i) => low && !atMinimum[i - 1]).length,
    atMinimumMs: atMinimum.filter((low) => low).length * HOUR_MS,
    targetWrites: steps.filter((step) => step !== 0).length,
    pagesOut: total(steps.map((step) => Math.max(0, -step))),
    pagesIn: total(steps.map((step) => Math.max(0, step))),
    kills: 0,
    reasons: sharesOf(shorts, guest.reasons),
    ended: null,
    ...other,
  };
}

function sharesOf(shorts: readonly number[], reasons: MadeGuest["reasons"]): readonly ReasonShare[] {
  const shares = new Map<Reason, { shortKibMs: number; ms: number }>();
  for (const [at, short] of shorts.entries()) {
    const reason = typeof reasons === "string" ? reasons : reasons?.[at];
    if (short === 0 || reason === undefined) continue;
    const share = shares.get(reason) ?? { shortKibMs: 0, ms: 0 };
    shares.set(reason, { shortKibMs: share.shortKibMs + short * HOUR_MS, ms: share.ms + HOUR_MS });
  }
  return [...shares].map(([reason, share]) => ({ reason, ...share })).sort((a, b) => b.shortKibMs - a.shortKibMs);
}

/** A guest that never ran. */
export function absentGuest(name: string, slices: number): MadeGuest {
  const nothing = Array<number>(slices).fill(0);
  const sums = { domid: null, ranMs: 0, atMinimumTimes: 0, atMinimumMs: 0 };
  return { name, usedKib: nothing, heldKib: nothing, other: sums };
}

/** A refusal of a start. */
export function refusalOf(name: string, change: Partial<StartOutcome> = {}): StartOutcome {
  return { name, atMs: HOUR_MS, waitedMs: 0, grantedKib: null, reason: "floor", words: "", donors: [], ...change };
}

/** The options of a host with these guests. */
export function optionsOf({ guests, totalKib }: HostOutcome, change: Partial<CaseOptions> = {}): CaseOptions {
  return {
    totalKib,
    guests: guests.map(({ name, minimumKib, maximumKib }) => ({
      name,
      type: "hvm",
      driver: "modern",
      memoryKib: maximumKib,
      minimumKib,
      maximumKib,
    })),
    pressure: {
      shortage: "waits",
      cacheShare: 0,
      pressShare: 0,
      swapKibPerSecond: 102_400,
      killAfterMs: 10_000,
      killShare: 0.25,
    },
    ...change,
  };
}

/** The case of an outcome: its policy, its size and its speed are its levels. */
export function caseOf(outcome: HostOutcome, change: Partial<RanCase> = {}): RanCase {
  const { policy, totalKib, usPerPage } = outcome;
  const levels = { policy, host: `${totalKib / GIB_KIB} GiB`, usPerPage: String(usPerPage) };
  return {
    id: Object.values(levels).join("-"),
    levels,
    curve: policy,
    options: optionsOf(outcome),
    outcome,
    problem: null,
    ...change,
  };
}

/** The case of an outcome that never came. */
export function failedCase(outcome: HostOutcome, problem: string): RanCase {
  return caseOf(outcome, { outcome: null, problem });
}

export function ranPlan(cases: readonly RanCase[], change: Partial<RanPlan> = {}): RanPlan {
  return {
    title: "Forty guests",
    question: "Will these guests fit, and with how little memory?",
    doesNotShow: ["That another week would be like this one."],
    reading: [],
    cases,
    readings: ["week.csv: 40 guests, a row every 5 min"],
    doubts: [],
    vectors: [],
    ...change,
  };
}
