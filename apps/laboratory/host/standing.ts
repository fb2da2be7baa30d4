/** Tells how a guest of a host stands at a moment, in words. */
import type { GuestSample } from "xen-balloon/core";
import type { HostGuest } from "xen-balloon/toolstack";
import { sizeOf } from "../../host/quantity.js";
import { REASON_WORDS } from "../../host/report/reason-words.js";
import { formatClock } from "../quantity.js";
import type { Recording } from "./recording.js";

export interface Standing {
  /** True: it lacks memory, cannot start, or has ended badly. */
  readonly isWrong: boolean;
  /** "" where there is nothing to tell. */
  readonly words: string;
}

/** `0:01:30`. */
export function clockOf(ms: number): string {
  return formatClock(ms, ms % 1000 === 0 ? 0 : 1);
}

/** @param policy - its name. */
export function standingOf(
  { name, startMs = 0, balloons, reports }: HostGuest,
  { heldKib, usedKib, residentKib, reason }: GuestSample,
  recording: Recording,
  timeMs: number,
  policy: string,
): Standing {
  if (heldKib === 0) return absent(name, startMs, recording, timeMs, policy);
  const shortKib = usedKib - residentKib;
  if (shortKib > 0) {
    const why = reason === null ? "" : `: ${REASON_WORDS[reason].short(policy)}`;
    return { isWrong: true, words: `Short of ${sizeOf(shortKib)}${why}` };
  }
  if (balloons === false) return { isWrong: false, words: "It has no balloon driver" };
  return { isWrong: false, words: reports === false ? "It does not report its memory in use" : "" };
}

function absent(name: string, startMs: number, recording: Recording, timeMs: number, policy: string): Standing {
  const last = recording.lastOf(name, timeMs);
  if (last?.kind === "refused") {
    const why = `${REASON_WORDS[last.reason].refused(policy)} (${last.words})`;
    return { isWrong: true, words: `Refused at ${clockOf(last.timeMs)}, because ${why}` };
  }
  if (last?.kind === "stopped") {
    const at = clockOf(last.timeMs);
    if (last.problem !== null) return { isWrong: true, words: `Ended at ${at}: ${last.problem}` };
    return { isWrong: false, words: `Shut down at ${at}` };
  }
  if (timeMs < startMs) return { isWrong: false, words: `Is to start at ${clockOf(startMs)}` };
  return { isWrong: false, words: `Waits to start since ${clockOf(startMs)}` };
}
