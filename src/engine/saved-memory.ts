/** Saves the state that a Wasm module keeps in linear memory: the parts that the module names, and no more. */
import { Copies, type Stretch } from "../host/copies.js";
import type { WasmMemory } from "../host/platform.js";
import type { Saved } from "../host/saved.js";

/** A module whose state is in linear memory alone between two calls. */
interface Module {
  readonly memory: WasmMemory;
  /**
   * Writes the stretches of memory with state from address `from` on to the module's list, start and end of each; returns
   * how many, 0 at the end.
   */
  stretchesFrom(from: number): number;
}

export class MemorySaver {
  readonly #module: Module;
  readonly #listPtr: number;
  readonly #copies = new Copies();

  /** @param listPtr - the address of the module's list. */
  constructor(module: Module, listPtr: number) {
    this.#module = module;
    this.#listPtr = listPtr;
  }

  save(): Saved {
    const copy = this.#copies.make(this.#words(), this.#stretches());
    // the stretches of now are not those of then, and memory may have grown
    const restore = (): void => this.#copies.writeBack(copy, this.#words(), this.#stretches());
    return { bytes: copy.bytes, restore };
  }

  #words(): Uint32Array {
    return new Uint32Array(this.#module.memory.buffer);
  }

  /** The stretches, in words. All of them are read before anything is written: the module reads its tables for it. */
  #stretches(): Stretch[] {
    const words = this.#words();
    const list = this.#listPtr >>> 2;
    const stretches: Stretch[] = [];
    for (let from = 0, count = this.#module.stretchesFrom(from); count > 0; count = this.#module.stretchesFrom(from)) {
      for (let i = 0; i < count; i++) stretches.push([words[list + 2 * i] >>> 2, words[list + 2 * i + 1] >>> 2]);
      from = words[list + 2 * count - 1];
    }
    return stretches;
  }
}
