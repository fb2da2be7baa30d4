/** Runs critical sections one at a time, in the order in which they were asked for. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `critical` when all sections asked for before have ended; resolves or rejects like it. */
  run<T>(critical: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(critical);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
