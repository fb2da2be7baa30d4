/** Says in words what the modern driver's thread and its callers do next, for the account of a run. */
import type { BpState, DriverStats, GuestState } from "../host/backend.js";
import type { WorldConfig } from "../host/config.js";
import { BalloonError } from "../host/errors.js";
import { refusalReason } from "../host/refusals.js";
import { cancelledAfter, formatCredit, nextTry, noPage } from "./outcome-words.js";
import { formatPages, formatTime, plural } from "./quantity.js";
import type { CallTotals } from "./tally.js";

/** The thread after an operation, with what it works on. */
export interface ThreadLook {
  readonly state: BpState;
  readonly woken: boolean;
  readonly dueMs: number;
  readonly stats: DriverStats;
  readonly guest: GuestState;
}

/**
 * Tells what the thread waits for, if that has changed.
 *
 * @param before - null before the boot.
 * @param totals - of this operation.
 */
export function threadRemarks(
  before: ThreadLook | null,
  after: ThreadLook,
  { turns, cancelledTries }: Pick<CallTotals, "turns" | "cancelledTries">,
  config: WorldConfig,
): string[] {
  if (after.woken) return before?.woken === true ? [] : ["the thread is woken"];
  const look = `looks again at ${formatTime(after.dueMs)}`;
  if (turns === 0) {
    // a wake-up alone does nothing: the credit has to be another one
    return before?.woken === true && after.state !== "done" ? [`the thread sees nothing new, ${look}`] : [];
  }
  switch (after.state) {
    case "done":
      return [];
    case "wait":
      return [`waits for added memory to come online, ${look}`];
    case "eagain":
      return [`${tryAgain(after, config)}, ${nextTry(after.stats.retry_count - 1, after.dueMs)}`];
    case "ecanceled":
      return [`${whyCancelled(after, cancelledTries, config)}, ${look}`];
  }
}

function tryAgain({ guest }: ThreadLook, config: WorldConfig): string {
  if (guest.creditPages === 0) return "nothing is left to do, but the tries count on";
  const credit = formatCredit(guest.creditPages);
  return guest.creditPages < 0 ? `${shortOfPages(guest, config)}, ${credit}` : credit;
}

/** Why the driver found fewer pages than it wants to give: what the kernel keeps back, or its watermarks. */
function shortOfPages(guest: GuestState, config: WorldConfig): string {
  if (guest.availablePages !== 0) return noPage(guest, config);
  const { totalReservePages = 1 } = config.guest;
  return `the guest has no page available: its kernel keeps ${formatPages(totalReservePages)} back`;
}

function whyCancelled({ stats, guest }: ThreadLook, tries: number, { guest: { hotplug } }: WorldConfig): string {
  const empty = stats.balloon_low + stats.balloon_high === 0;
  const credit = guest.creditPages === 0 ? "" : `, ${formatCredit(guest.creditPages)}`;
  if (guest.creditPages < 0 || !empty) return `${cancelledAfter(tries)}${credit}`;
  if (hotplug) return `cancelled: no memory could be added${credit}`;
  return `cancelled: the balloon is empty and memory cannot be added, so the target is ${formatPages(stats.target_pages)} now`;
}

/** Tells of the waiting calls that ended. */
export function loanRemarks(done: readonly (readonly [name: string, result: number])[]): string[] {
  return done.map(([name, result]) =>
    result === 0
      ? `${name} has its pages`
      : `${name} got none: ${new BalloonError(result, refusalReason("balloon_alloc", result)).message}`,
  );
}

/** `waits with 2 others for pages on the list`. */
export function waitsWith(others: number): string {
  return `waits${others === 0 ? "" : ` behind ${plural(others, "other")}`} for pages on the list`;
}
