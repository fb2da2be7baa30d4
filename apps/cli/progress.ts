/** Shows the progress of a long command: a bar in a terminal, elsewhere a line for every tenth. */

const BAR = 30;
const TENTHS = 10;

/** The progress of a command that does steps. */
export class Progress {
  readonly #total: number;
  readonly #expectedMs: number;
  readonly #begun: number = performance.now();
  #done = 0;
  #doneMs = 0;
  #tenths = 0;

  /**
   * @param total - the number of steps.
   * @param expectedMs - the expected duration of all steps; the time left is corrected by how long the first ones took.
   */
  constructor(total: number, expectedMs: number) {
    this.#total = total;
    this.#expectedMs = expectedMs;
  }

  /** @param expectedMs - the duration that was expected of the step that has ended. */
  step(expectedMs: number): void {
    this.#done++;
    this.#doneMs += expectedMs;
    const leftMs = ((performance.now() - this.#begun) * (this.#expectedMs - this.#doneMs)) / this.#doneMs;
    const text = `${this.#done} of ${this.#total}, ${formatEstimatedDuration(leftMs)} left`;
    if (process.stderr.isTTY) {
      const filled = Math.round((BAR * this.#done) / this.#total);
      process.stderr.write(`\r\x1b[K[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${text}`);
      return;
    }
    const tenths = Math.floor((TENTHS * this.#done) / this.#total);
    if (tenths > this.#tenths) process.stderr.write(`${text}\n`);
    this.#tenths = tenths;
  }

  /** Removes the bar; lines stay. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** Formats an estimated duration, no finer than it is known: `40 s`, `3 min`, `1 h 20 min`. */
export function formatEstimatedDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
