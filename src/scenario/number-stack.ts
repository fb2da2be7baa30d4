/**
 * What others hold of a guest's pages or of a machine's frames: numbers, the last taken given back first.
 */

export class NumberStack {
  #entries = new Uint32Array(1024);
  #length = 0;

  /** All that is held, in order. As every list from here it is valid until the next call that changes the stack. */
  get held(): Uint32Array {
    return this.#entries.subarray(0, this.#length);
  }

  push(numbers: Uint32Array): void {
    const length = this.#length + numbers.length;
    if (length > this.#entries.length) {
      const grown = new Uint32Array(Math.max(length, 2 * this.#entries.length));
      grown.set(this.held);
      this.#entries = grown;
    }
    this.#entries.set(numbers, this.#length);
    this.#length = length;
  }

  /** Takes off the last `count`, or all there are. */
  pop(count: number): Uint32Array {
    const length = this.#length;
    this.#length = Math.max(0, length - count);
    return this.#entries.subarray(this.#length, length);
  }

  /** Takes out every `every`th (index 0, every, …); the others move up. */
  takeEvery(every: number): Uint32Array {
    const { held } = this;
    const taken = new Uint32Array(Math.ceil(held.length / every));
    let kept = 0;
    for (let i = 0; i < held.length; i++) {
      if (i % every === 0) taken[i / every] = held[i];
      else held[kept++] = held[i];
    }
    this.#length = kept;
    return taken;
  }
}
