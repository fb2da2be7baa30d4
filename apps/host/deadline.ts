/** Ends a case whose policy does not come back: a thread that loops can only be ended from outside. */
import { setTimeout as sleep } from "node:timers/promises";
import { formatTime } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import type { Outcome } from "../study/exact-job.js";
import type { ExactPool } from "../study/exact-pool.js";
import type { HostTask } from "./job.js";
import { lookAt, sharedProgress } from "./progress.js";

/** How often a look is taken, and after how many looks without progress the thread is ended: 20 s. */
const LOOK_MS = 500;
const MOST_LOOKS = 40;

export type HostPool = ExactPool<HostTask, HostOutcome | null>;

/**
 * Runs a case on a pool. One whose policy is the user's own has a deadline: looks, and not a clock, so that a machine that
 * sleeps ends nobody.
 *
 * @param lookMs - the wait between two looks.
 */
export async function runWithDeadline(
  pool: HostPool,
  job: HostTask,
  lookMs: number = LOOK_MS,
): Promise<Outcome<HostOutcome | null>> {
  if (typeof job.policy === "string") return pool.run(job);
  const progress = sharedProgress();
  const late = new AbortController();
  const done = new AbortController();
  const running = pool.run({ ...job, progress }, late.signal).finally(() => done.abort());
  const watching = watch(progress, lookMs, done.signal).then((isLate) => {
    if (isLate) late.abort();
    return isLate;
  });
  try {
    return await running;
  } catch (error) {
    if (!late.signal.aborted) throw error;
    return { problem: lateText(job, progress, (lookMs * MOST_LOOKS) / 1000) };
  } finally {
    await watching;
  }
}

/** Waits until the thread makes no progress, or is done: false then. */
async function watch(progress: SharedArrayBuffer, lookMs: number, done: AbortSignal): Promise<boolean> {
  let [count, looks] = [0, 0];
  while (!done.aborted) {
    await sleep(lookMs, undefined, { signal: done }).catch(() => {});
    const now = lookAt(progress).count;
    looks = now === count ? looks + 1 : 0;
    count = now;
    // a thread that has no job yet waits for a core
    if (count > 0 && looks >= MOST_LOOKS) return true;
  }
  return false;
}

function lateText({ host, policy, only }: HostTask, progress: SharedArrayBuffer, seconds: number): string {
  const { nowMs, guest } = lookAt(progress);
  const name = typeof policy === "string" ? policy : policy.name;
  const said = `the policy ${name} gave no answer for ${seconds} s and was ended`;
  if (only === "load") return `${said}: it was being loaded`;
  const last =
    guest < 0 ? "it had told no guest a target" : `the last guest that it told a target was ${host.guests[guest].name}`;
  return `${said} at ${formatTime(nowMs)} of the host's time; ${last}`;
}
