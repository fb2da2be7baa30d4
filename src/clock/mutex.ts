/** One at a time, in the order of asking. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `critical` when all that asked before have ended; answers what it answers. */
  run<T>(critical: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(critical);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
