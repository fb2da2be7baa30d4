// Runs a guest of 256 GiB in its own thread: node examples/worker.mjs
// It gives back half of its memory and takes it again, until this thread has ticked ten times or more; Control-C stops it between
// two batches.
import { bytesFromPages, createMachine } from "xen-balloon/worker";

const GIB = 2 ** 30;
const PAGES = 2 ** 26;
const TICKS = 10;

const machine = await createMachine({ hostPages: PAGES });
const guest = await machine.boot({ maxPfn: PAGES, reservedPages: 4096 });

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

let ticks = 0;
const ticking = setInterval(() => ticks++, 1);

try {
  let movedPages = 0;
  while (ticks < TICKS) {
    for (const pages of [PAGES / 2, PAGES]) {
      await guest.setTarget({ pages });
      await guest.settle({ signal: stop.signal });
      movedPages += PAGES / 2;
    }
  }
  console.log(`${bytesFromPages(movedPages) / GIB} GiB moved while this thread ticked ${ticks} times`);
} catch (error) {
  if (!stop.signal.aborted) throw error;
  console.log("stopped");
} finally {
  clearInterval(ticking);
}

await machine.terminate();
