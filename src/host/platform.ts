/** Declares types of every platform that the types of Node lack, so that a program needs no DOM library for them. */

declare global {
  // the declaration is that of @types/node and lib.esnext.disposable
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Bytes that no other thread writes: BufferSource without shared buffers. */
export type WasmBytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** WebAssembly.Module, if TypeScript knows it. */
export type WasmModule =
  typeof globalThis extends Record<"WebAssembly", Record<"Module", Record<"prototype", infer T>>> ? T : object;

/** WebAssembly.Global. */
export interface WasmGlobal {
  readonly value: number;
}

/** WebAssembly.Memory. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
