/** Estimates roughly how long a case of a plan runs: for the dry run and for the progress line. */
import type { HostJob } from "./job.js";

/** Ms to start a host, to boot a guest, and to run a guest for an hour of its time. */
const START_MS = 100;
const BOOT_MS = 10;
const HOUR_MS = 15;

export function hostCost({ host: { guests, spanMs = 0 } }: HostJob): { readonly exactMs: number } {
  return { exactMs: START_MS + guests.length * (BOOT_MS + (HOUR_MS * spanMs) / 3_600_000) };
}
