/**
 * Shows the progress of a long command: a bar in a terminal, elsewhere a line for every tenth. The time left is learnt
 * from what was done: each kind of step has a pace of its own, which an estimate gets wrong in its own way.
 */

const BAR = 30;
const TENTHS = 10;

/** The kinds of steps: they are done one after the other. */
export type StepKind = "exact" | "timed";

/** The duration, in ms, that was expected of the steps of each kind. */
export type Expected = Readonly<Record<StepKind, number>>;

/** The progress of a command that does steps. */
export class Progress {
  readonly #total: number;
  readonly #expected: Expected;
  readonly #now: () => number;
  #last: number;
  #done = 0;
  #tenths = 0;
  /** The durations, by kind, that were expected of the steps that are done, and those that they took. */
  readonly #expectedMs: Record<StepKind, number> = { exact: 0, timed: 0 };
  readonly #tookMs: Record<StepKind, number> = { exact: 0, timed: 0 };

  /**
   * @param total - the number of steps.
   * @param now - the time in ms.
   */
  constructor(total: number, expected: Expected, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#expected = expected;
    this.#now = now;
    this.#last = now();
  }

  /** @param expectedMs - the duration that was expected of the step that has ended. */
  step(kind: StepKind, expectedMs: number): void {
    const now = this.#now();
    this.#done++;
    this.#tookMs[kind] += now - this.#last;
    this.#expectedMs[kind] += expectedMs;
    this.#last = now;
    const text = `${this.#done} of ${this.#total}, ${formatEstimatedDuration(this.leftMs())} left`;
    if (process.stderr.isTTY) {
      const filled = Math.round((BAR * this.#done) / this.#total);
      process.stderr.write(`\r\x1b[K[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${text}`);
      return;
    }
    const tenths = Math.floor((TENTHS * this.#done) / this.#total);
    if (tenths > this.#tenths) process.stderr.write(`${text}\n`);
    this.#tenths = tenths;
  }

  /** The time left in ms: what is expected of the rest, times how much longer its kind took so far, or all did. */
  leftMs(): number {
    const all = this.#pace(["exact", "timed"]) ?? 1;
    return (["exact", "timed"] as const).reduce(
      (sum, kind) => sum + Math.max(0, this.#expected[kind] - this.#expectedMs[kind]) * (this.#pace([kind]) ?? all),
      0,
    );
  }

  /** Divides the time that the steps took by the time expected of them; null before the first step. */
  #pace(kinds: readonly StepKind[]): number | null {
    const sum = (of: Readonly<Record<StepKind, number>>): number => kinds.reduce((total, kind) => total + of[kind], 0);
    return sum(this.#expectedMs) === 0 ? null : sum(this.#tookMs) / sum(this.#expectedMs);
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
