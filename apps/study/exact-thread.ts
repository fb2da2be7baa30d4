/** The script of a thread that runs exact cases. */
import { pathToFileURL } from "node:url";
import { messageOf } from "xen-balloon/core";
import { scriptOf } from "./builds.js";
import { runExact } from "./exact.js";
import type { ExactJob, Outcome } from "./exact-job.js";

/** Returns the problem of a case that cannot be run: an error thrown here would pass for the end of the thread. */
export default async function outcomeOf({ build, ...job }: ExactJob): Promise<Outcome> {
  try {
    if (build !== undefined) return await (await otherBuild(build)).default(job);
    return { measures: await runExact(job) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** The same script of another build. */
function otherBuild(folder: string): Promise<{ readonly default: typeof outcomeOf }> {
  return import(pathToFileURL(scriptOf(folder, "exact-thread")).href);
}
