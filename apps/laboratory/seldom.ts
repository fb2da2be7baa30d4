/** Throttles an action: it runs the first request at once, and the last request when the interval in ms ends. */
export class Seldom {
  readonly #intervalMs: number;
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #action: (() => void) | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Requests an action, and replaces the pending one. */
  do(action: () => void): void {
    this.#action = action;
    if (this.#timer !== undefined) return;
    const waitMs = this.#last + this.#intervalMs - performance.now();
    if (waitMs <= 0) this.#run();
    else this.#timer = setTimeout(() => this.#run(), waitMs);
  }

  /** Drops the pending action. */
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
