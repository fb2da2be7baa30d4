/** The script of a thread that runs exact cases. */
import { messageOf } from "xen-balloon/core";
import { runExact } from "./exact.js";
import type { ExactJob, Outcome } from "./exact-job.js";

/** What is thrown here ends the thread's task as the end of the thread itself would: a case at fault is no such thing. */
export default async function outcomeOf(job: ExactJob): Promise<Outcome> {
  try {
    return { measures: await runExact(job) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
