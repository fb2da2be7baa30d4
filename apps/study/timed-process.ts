/** The script of a process that times one case: an ExactJob as JSON comes in, a Timing goes out. */
import { text } from "node:stream/consumers";
import { messageOf } from "xen-balloon/core";
import { runTimed } from "./timed.js";

try {
  const timing = await runTimed(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify(timing));
} catch (error) {
  // a case that cannot be run is a result; where in this code it failed is of use to nobody
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
}
