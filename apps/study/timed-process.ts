/** The script of a process that times one case: it reads an ExactJob as JSON and writes a Timing. */
import { text } from "node:stream/consumers";
import { messageOf } from "xen-balloon/core";
import { runTimed } from "./timed.js";

try {
  const timing = await runTimed(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify(timing));
} catch (error) {
  // a case that cannot be run is a result: its message suffices, without a stack
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
}
