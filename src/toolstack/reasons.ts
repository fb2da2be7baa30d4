/** Checks the reasons that a policy gives. */
import { ArgumentRangeError } from "../host/argument-error.js";
import type { Reason } from "./xen.js";

/** Every reason: one that is missing here, or is none, is a compile error. */
const REASONS: Readonly<Record<Reason, true>> = {
  "rest-zone": true,
  floor: true,
  "stuck-donor": true,
  maxmem: true,
  "back-off": true,
  "gave-up": true,
  "host-empty": true,
  "demand-unseen": true,
  "not-reporting": true,
  reported: true,
  "next-turn": true,
  share: true,
  unexplained: true,
  moving: true,
};

/** @throws RangeError: a reason that no report has words for. */
export function requireReason(reason: string): void {
  if (Object.hasOwn(REASONS, reason)) return;
  throw new ArgumentRangeError("reason", `one of ${Object.keys(REASONS).join(", ")}`, String(reason));
}
