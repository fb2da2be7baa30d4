/** Does something at most once in so many milliseconds: the first time at once, and the last asked for at the latest then. */
export class Seldom {
  readonly #intervalMs: number;
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #action: (() => void) | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Replaces what was asked for before and not done yet. */
  do(action: () => void): void {
    this.#action = action;
    if (this.#timer !== undefined) return;
    const waitMs = this.#last + this.#intervalMs - performance.now();
    if (waitMs <= 0) this.#run();
    else this.#timer = setTimeout(() => this.#run(), waitMs);
  }

  /** Forgets what was asked for and not done yet. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.#action?.();
  }
}
