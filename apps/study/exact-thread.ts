/** The script of a thread that runs exact cases. */
import { messageOf } from "xen-balloon/core";
import { runExact } from "./exact.js";
import type { ExactJob, Outcome } from "./exact-job.js";

/** Returns the problem of a case that cannot be run: an error thrown here would pass for the end of the thread. */
export default async function outcomeOf(job: ExactJob): Promise<Outcome> {
  try {
    return { measures: await runExact(job) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
