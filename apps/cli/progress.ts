/** How far a long command has come: a bar in a terminal, a line for every tenth elsewhere. */

const BAR = 30;
const TENTHS = 10;

export class Progress {
  readonly #total: number;
  readonly #expectedMs: number;
  readonly #begun: number = performance.now();
  #done = 0;
  #doneMs = 0;
  #tenths = 0;

  /**
   * @param total - steps.
   * @param expectedMs - what all of them were expected to take: what the first ones really took corrects it.
   */
  constructor(total: number, expectedMs: number) {
    this.#total = total;
    this.#expectedMs = expectedMs;
  }

  /** @param expectedMs - what the step that has ended was expected to take. */
  step(expectedMs: number): void {
    this.#done++;
    this.#doneMs += expectedMs;
    const leftMs = ((performance.now() - this.#begun) * (this.#expectedMs - this.#doneMs)) / this.#doneMs;
    const text = `${this.#done} of ${this.#total}, ${formatDuration(leftMs)} left`;
    if (process.stderr.isTTY) {
      const filled = Math.round((BAR * this.#done) / this.#total);
      process.stderr.write(`\r\x1b[K[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${text}`);
      return;
    }
    const tenths = Math.floor((TENTHS * this.#done) / this.#total);
    if (tenths > this.#tenths) process.stderr.write(`${text}\n`);
    this.#tenths = tenths;
  }

  /** The bar goes; lines stay. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

/** `40 s`, `3 min`, `1 h 20 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
