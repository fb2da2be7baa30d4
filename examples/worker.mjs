// Runs a guest of 256 GiB in its own thread: node examples/worker.mjs
// It gives back half of its memory while this thread ticks; Control-C stops it between two batches.
import { bytesFromPages, createMachine } from "xen-balloon/worker";

const GIB = 2 ** 30;
const PAGES = 2 ** 26;

const machine = await createMachine({ hostPages: PAGES });
const guest = await machine.boot({ maxPfn: PAGES, reservedPages: 4096 });

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

let ticks = 0;
const ticking = setInterval(() => ticks++, 1);
const say = (pages) => console.log(`${Math.round(bytesFromPages(pages) / GIB)} GiB`);

try {
  let last = PAGES;
  await guest.setTarget({ pages: PAGES / 2 });
  await guest.settle({
    signal: stop.signal,
    onProgress({ currentPages }) {
      // about every 16 GiB
      if (last - currentPages < PAGES / 16) return;
      say(currentPages);
      last = currentPages;
    },
  });
} catch (error) {
  if (!stop.signal.aborted) throw error;
  console.log("stopped");
} finally {
  clearInterval(ticking);
}

const { currentPages } = await guest.stats();
say(currentPages);
console.log(`this thread ticked ${ticks} times meanwhile`);
await machine.terminate();
