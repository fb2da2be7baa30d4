/** Words for the outcome of calls, tries and operations, shared by the account of a run and the laboratory's list. */

import type { GuestState } from "../host/backend.js";
import type { WorldConfig } from "../host/config.js";
import { EEXIST } from "../host/errors.js";
import type { Shortage } from "../host/hypercall-observer.js";
import type { Pages } from "../host/units.js";
import { formatPages, formatTime, grouped, plural } from "./quantity.js";

/** `100 pages (400 KiB)`, or `0 pages of 99,999,999` where more were asked for. */
export function pagesOfAsked(pages: Pages, asked: number): string {
  return pages === asked ? formatPages(pages) : `${formatPages(pages)} of ${grouped(asked)}`;
}

/** Why a populate that answered `rc` did not do all its extents. */
export function shortageWords(shortage: Shortage, rc: number): string {
  switch (shortage.cause) {
    case "fault":
      return rc > 0 ? "as injected" : `as injected, answered ${rc}`;
    case "limit":
      return `the domain's limit (${grouped(shortage.maxPages)} pages) is reached`;
    case "machine":
      return "the machine has no free frame";
  }
}

/** Why a decrease_reservation did not answer the count asked for: only a fault makes it do so. */
export function shortDecrease(asked: number, rc: number): string {
  return rc < 0 ? `Xen answered ${rc} to a decrease, as injected` : `Xen took ${rc} of ${asked} pages, as injected`;
}

/** Tells in words that add_memory failed, from the line that the driver logs; null for any other line. */
export function failedAddMemory(line: string): string | null {
  const rc = /(?:add_memory\(\) failed: |Cannot add additional memory \()(-?\d+)\)?$/.exec(line)?.[1];
  if (rc === undefined) return null;
  return `add_memory failed (${Number(rc) === EEXIST ? "-17 EEXIST, a range in the way" : rc})`;
}

/** The extents of a memory_op: `512 extents`, or `asked 512, granted 100` and `why`, where that is known. */
export function extentsOfAsked(asked: number, rc: number, why: string | null): string {
  if (rc === asked) return plural(asked, "extent");
  if (why !== null) return `asked ${asked}, granted ${Math.max(0, rc)}: ${why}`;
  return `asked ${asked}, ${rc < 0 ? `answered ${rc}` : `granted ${rc}`}`;
}

/** Why the allocator has no page for the balloon: nothing is free, or the watermarks keep what is. */
export function noPage(state: GuestState, { guest }: WorldConfig): string {
  if (state.freeNormalPages + state.freeHighPages === 0) return "the guest has no free page";
  const kept = guest.watermarkPages + guest.watermarkHighPages;
  return `the guest has no page to spare: its watermark keeps ${formatPages(kept)}`;
}

/** `512 pages (2 MiB) to give to Xen`. */
export function formatCredit(credit: number): string {
  return `${formatPages(Math.abs(credit))} to ${credit < 0 ? "give to" : "get from"} Xen`;
}

/** `2 failures, next try at 6.000 s`. */
export function nextTry(failures: number, dueMs: number): string {
  return `${plural(failures, "failure")}, next try at ${formatTime(dueMs)}`;
}

/** `cancelled after 4 tries`: the worker gave up. */
export function cancelledAfter(tries: number): string {
  return `cancelled after ${tries === 1 ? "1 try" : `${tries} tries`}`;
}
