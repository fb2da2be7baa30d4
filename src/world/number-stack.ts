/**
 * A stack of the page or frame numbers that others hold. The last number taken goes back first.
 */

import type { Saved } from "../host/saved.js";

export class NumberStack {
  #entries = new Uint32Array(1024);
  #length = 0;

  /** Lists the numbers in order. Every list from this class is valid until the next call that changes the stack. */
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

  /** Takes off the last `count` numbers, or all if there are fewer. */
  pop(count: number): Uint32Array {
    const length = this.#length;
    this.#length = Math.max(0, length - count);
    return this.#entries.subarray(this.#length, length);
  }

  /** Takes out every `every`th number (index 0, every, …), and moves the others up. */
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

  save(): Saved {
    const held = this.held.slice();
    const restore = (): void => {
      this.#length = 0;
      this.push(held);
    };
    return { bytes: held.byteLength, restore };
  }
}
