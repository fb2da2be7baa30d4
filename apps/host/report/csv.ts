/** Writes what came of a plan as CSV: the cases, the guests, the reasons, the starts and the time lines. */
import { csvText, type Field } from "../../study/report/csv-text.js";
import type { RanCase, RanPlan } from "./cases.js";
import { shortKibMs, shortMs, unservedGuests, worstKibMs } from "./points.js";
import { NO_REASON } from "./reason-words.js";
import { guestSentences } from "./sentences.js";
import { gibHours } from "./words.js";

type Ran = RanCase & { readonly outcome: NonNullable<RanCase["outcome"]> };
type Row = readonly Field[];

/** The files by name; every row begins with its case and the levels of the plan's factors. */
export function hostCsvs({ cases }: RanPlan): Readonly<Record<string, string>> {
  const factors = Object.keys(cases[0]?.levels ?? {});
  const ran = cases.filter((one): one is Ran => one.outcome !== null);
  const file = <T extends RanCase>(of: readonly T[], columns: readonly string[], rows: (one: T) => readonly Row[]) =>
    csvText([
      ["case", ...factors, ...columns],
      ...of.flatMap((one) => rows(one).map((row) => [one.id, ...factors.map((name) => one.levels[name]), ...row])),
    ]);
  return {
    "measures.csv": file(cases, ["measure", "unit", "value"], measureRows),
    "guests.csv": file(ran, GUEST_COLUMNS, guestRows),
    "reasons.csv": file(ran, ["guest", "reason", "short_gib_h", "short_ms"], reasonRows),
    "sentences.csv": file(ran, ["guest", "sentence"], (one) =>
      guestSentences({ case: one, outcome: one.outcome }).map(({ guest, text }) => [guest, text]),
    ),
    "starts.csv": file(ran, ["guest", "at_ms", "waited_ms", "granted_kib", "reason", "words"], startRows),
    "timeline.csv": file(
      ran,
      ["time_ms", "free_kib", "least_free_kib", "used_kib", "held_kib", "target_kib"],
      timeRows,
    ),
  };
}

function measureRows({ options, outcome, problem }: RanCase): readonly Row[] {
  if (outcome === null)
    return [
      ["problem", "", problem ?? ""],
      ["host", "KiB", options.totalKib],
    ];
  return [
    ["host", "KiB", outcome.totalKib],
    ["span", "ms", outcome.spanMs],
    ["speed", "µs/page", outcome.usPerPage],
    ["shortage", "GiB·h", gibHours(shortKibMs(outcome))],
    ["worstGuest", "GiB·h", gibHours(worstKibMs(outcome))],
    ["shortTime", "ms", shortMs(outcome)],
    ["unserved", "guests", unservedGuests(outcome)],
    ["refusals", "starts", outcome.starts.filter(({ grantedKib }) => grantedKib === null).length],
    ["targetWrites", "writes", outcome.targetWrites],
    ["pagesMoved", "pages", outcome.pagesMoved],
    ...(outcome.policyFailure === null ? [] : [["policyFailure", "", outcome.policyFailure]]),
  ];
}

const GUEST_COLUMNS = [
  "guest",
  "domid",
  "minimum_kib",
  "maximum_kib",
  "ran_ms",
  "asked_gib_h",
  "got_gib_h",
  "short_gib_h",
  "short_ms",
  "worst_short_kib",
  "idle_gib_h",
  "at_minimum_times",
  "at_minimum_ms",
  "target_writes",
  "pages_out",
  "pages_in",
  "oom_kills",
  "ended",
];

function guestRows({ outcome }: Ran): readonly Row[] {
  return outcome.guests.map((guest) => [
    guest.name,
    guest.domid ?? "",
    guest.minimumKib,
    guest.maximumKib,
    guest.ranMs,
    gibHours(guest.askedKibMs),
    gibHours(guest.gotKibMs),
    gibHours(guest.shortKibMs),
    guest.shortMs,
    guest.worstShortKib,
    gibHours(guest.idleKibMs),
    guest.atMinimumTimes,
    guest.atMinimumMs,
    guest.targetWrites,
    guest.pagesOut,
    guest.pagesIn,
    guest.kills,
    guest.ended ?? "",
  ]);
}

function reasonRows({ outcome }: Ran): readonly Row[] {
  return outcome.guests.flatMap(({ name, shortKibMs, shortMs, reasons }): Row[] => {
    if (shortKibMs > 0 && reasons.length === 0) return [[name, NO_REASON, gibHours(shortKibMs), shortMs]];
    return reasons.map((share) => [name, share.reason, gibHours(share.shortKibMs), share.ms]);
  });
}

function startRows({ outcome }: Ran): readonly Row[] {
  return outcome.starts.map(({ name, atMs, waitedMs, grantedKib, reason, words }) => [
    name,
    atMs,
    waitedMs,
    grantedKib ?? "",
    reason ?? "",
    words,
  ]);
}

function timeRows({ outcome: { timeLine } }: Ran): readonly Row[] {
  const { timeMs, freeKib, leastFreeKib, usedKib, heldKib, targetKib } = timeLine;
  return timeMs.map((time, at) => [time, freeKib[at], leastFreeKib[at], usedKib[at], heldKib[at], targetKib[at]]);
}
