/** Makes instances of the Wasm modules. */
import type { WasmMemory, WasmModule } from "../host/platform.js";
import type { BalloonImports, XenExports } from "./exports.js";

/** The compiled modules of one build; any number of machines and guests share them. `createMachine` takes them as `wasm`. */
export interface EngineModules {
  /** The part of guests with the driver of 2013: an instance for each. */
  readonly balloon: WasmModule;
  /** The part of guests with the modern driver. Only they need it. */
  readonly balloonModern?: WasmModule;
  /** The machine's part. */
  readonly xen: WasmModule;
}

/** Makes a fresh instance of xen.wasm: one machine. */
export function instantiateXen(modules: EngineModules): XenExports {
  const env = abortOf(() => instance.memory);
  const instance = new WebAssembly.Instance(modules.xen, { env }).exports as unknown as XenExports;
  return instance;
}

/**
 * Makes a fresh instance of a guest's module: one guest.
 *
 * @typeParam Exports - the interface of that module (exports.ts).
 */
export function instantiateGuest<Exports extends { readonly memory: WasmMemory }>(
  module: WasmModule,
  imports: BalloonImports,
): Exports {
  const env = abortOf(() => instance.memory);
  const instance = new WebAssembly.Instance(module, { ...imports, env }).exports as unknown as Exports;
  return instance;
}

/** Makes env.abort, in which failed assertions of the debug build end; a release build does not import it. */
function abortOf(memory: () => WasmMemory): { abort: (...args: number[]) => never } {
  return {
    abort(message: number, file: number, line: number, column: number): never {
      const text = (at: number): string => textAt(memory(), at);
      throw new Error(`assertion failed: ${text(message)} (${text(file)}:${line}:${column})`);
    },
  };
}

/** Reads a string of AssemblyScript: UTF-16, with its length in bytes in the 4 bytes before it. */
function textAt(memory: WasmMemory, at: number): string {
  if (at === 0) return "";
  const bytes = new DataView(memory.buffer).getUint32(at - 4, true);
  return String.fromCharCode(...new Uint16Array(memory.buffer, at, bytes >>> 1));
}
