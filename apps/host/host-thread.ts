/** The script of a thread that runs cases of plans. */
import { writeSync } from "node:fs";
import { formatTime, messageOf } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import type { Outcome } from "../study/exact-job.js";
import type { HostTask } from "./job.js";
import { withoutChance } from "./no-chance.js";
import { makePolicy } from "./policies.js";
import { Progressing } from "./progress.js";
import { type RunHooks, runHostJob } from "./run-job.js";

const STDOUT = 1;

/** Returns the problem of a case that cannot be run: an error thrown here would pass for the end of the thread. */
export default async function outcomeOf({ progress, only, ...job }: HostTask): Promise<Outcome<HostOutcome | null>> {
  try {
    const progressing = progress === undefined ? null : new Progressing(progress);
    progressing?.tell(0, null);
    if (typeof job.policy !== "string") withoutChance();
    if (only === "load") {
      await makePolicy(job.policy);
      return { measures: null };
    }
    const hooks: RunHooks = {
      ...(progressing !== null && { progress: (nowMs, guest) => progressing.tell(nowMs, guest) }),
      ...(only === "log" && { logged: (nowMs, line) => print(`${formatTime(nowMs)}  ${line}\n`) }),
    };
    const outcome = await runHostJob(job, hooks);
    return { measures: outcome };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Prints at once: what a thread hands to process.stdout would be lost when a policy loops. */
function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STDOUT, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // whoever read has gone
      if (code === "EPIPE") return;
      // a pipe whose reader is slow
      if (code !== "EAGAIN") throw error;
    }
  }
}
