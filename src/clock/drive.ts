/** Long runs on a thread that others need too: pieces of a few milliseconds, and a turn of the event loop between. */
import type { Budget, Pause } from "./scheduler.js";

/** How long a piece is to be, in ms: short beside a frame of 16 ms, long beside the 5 microseconds of a turn. */
const PIECE_MS = 4;
const FIRST_BATCHES = 64;

/**
 * Drives a run to its end, letting the event loop turn between pieces: what it answers.
 *
 * @param start - begins the run with the budget it is given.
 * @param onPause - called between pieces; what it throws ends the run, between two batches, and is thrown on.
 */
export async function drive<T>(start: (budget: Budget) => Generator<Pause, T>, onPause?: () => void): Promise<T> {
  let batches = FIRST_BATCHES;
  const run = start(() => batches);
  try {
    let turned = performance.now();
    for (let begun = turned; ; begun = performance.now()) {
      const pause = run.next();
      if (pause.done) return pause.value;
      onPause?.();
      const now = performance.now();
      if (pause.value === "between batches") {
        // as many as would have taken PIECE_MS, but not all at once after a lucky piece
        const fitting = (batches * PIECE_MS) / Math.max(now - begun, 0.01);
        batches = Math.max(1, Math.floor(Math.min(fitting, batches * 4)));
      } else if (now - turned < PIECE_MS) {
        continue;
      }
      await turn();
      onPause?.();
      turned = performance.now();
    }
  } finally {
    run.return(undefined as T);
  }
}

/** One turn of the event loop: timers, input and output have their chance. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // setTimeout would wait 4 ms in a page
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
