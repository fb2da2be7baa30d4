/** Types of every platform that the types of Node alone lack: a program needs no DOM library for them. */

declare global {
  // as @types/node and lib.esnext.disposable declare it
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Bytes that nobody else writes: BufferSource. */
export type WasmBytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** WebAssembly.Module, where TypeScript knows it. */
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
