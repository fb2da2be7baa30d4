/** Saves an array that belongs to one part for good. */
import { Copies, type Stretch } from "./copies.js";
import type { Saved } from "./saved.js";

/** Makes the saved states of one array; what is zeros takes no room in them. */
export class ArraySaver {
  readonly #array: Uint32Array;
  readonly #copies = new Copies();

  /** @param array - the array, or any other with entries of 32 bits. */
  constructor(array: Uint32Array | Int32Array) {
    this.#array = new Uint32Array(array.buffer, array.byteOffset, array.length);
  }

  save(): Saved {
    const copy = this.#copies.make(this.#array, this.#written());
    return { bytes: copy.bytes, restore: () => this.#copies.writeBack(copy, this.#array, [[0, this.#array.length]]) };
  }

  /** The parts that hold more than zeros, by stretches of 512 entries. */
  *#written(): Generator<Stretch> {
    const array = this.#array;
    const size = 512;
    let from = -1;
    for (let at = 0; at < array.length; at += size) {
      const end = Math.min(at + size, array.length);
      let i = at;
      while (i < end && array[i] === 0) i++;
      if (i < end && from < 0) from = at;
      if (i === end && from >= 0) {
        yield [from, at];
        from = -1;
      }
    }
    if (from >= 0) yield [from, array.length];
  }
}
