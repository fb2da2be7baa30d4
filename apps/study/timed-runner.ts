/** Times one case in a fresh process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { scriptOf } from "./builds.js";
import type { ExactJob } from "./exact-job.js";
import type { Timing } from "./timed.js";

const script = fileURLToPath(new URL("./timed-process.js", import.meta.url));

/**
 * @param signal - kills the process.
 * @throws Error that says why the case cannot be run; the signal's reason
 */
export async function timeInProcess({ build, ...job }: ExactJob, signal: AbortSignal): Promise<Timing> {
  signal.throwIfAborted();
  const run = build === undefined ? script : scriptOf(build, "timed-process");
  const child = spawn(process.execPath, [...process.execArgv, run], {
    stdio: "pipe",
    // a group of its own: Ctrl-C in the terminal would reach it otherwise, and the signal decides here
    detached: true,
  });
  const kill = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    // the exit status tells of a process that ended before it read its job
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(job));
    const [[status, killedBy], out, err] = await Promise.all([
      once(child, "exit"),
      text(child.stdout),
      text(child.stderr),
    ]);
    signal.throwIfAborted();
    if (status === 0) return JSON.parse(out);
    throw new Error(err.trim() || `the process ended with ${killedBy ?? `status ${status}`}`);
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
