/** Drives long runs in pieces of a few milliseconds, so that others on the thread get their turn of the event loop. */
import type { Budget, Pause } from "./work.js";

/** The length of a piece, in ms: short beside a frame of 16 ms, and long beside the 5 microseconds of a turn. */
const PIECE_MS = 4;
/** The number of batches in the first piece, before it is known how long a batch takes. */
const FIRST_BATCHES = 64;

/**
 * Drives a run to its end and lets the event loop turn between pieces.
 *
 * @param start - begins the run with the budget that it is given.
 * @param onPause - called at each pause and after each turn of the event loop; an error that it throws ends the run
 *   between two batches and rejects the promise.
 * @returns the run's result.
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
        // as many as would have taken PIECE_MS, but at most four times as many as before: one piece may be lucky
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

/** Resolves after one turn of the event loop, in which timers, input and output are served. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // a browser makes setTimeout wait 4 ms, and a message does not wait
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
