/** Instances of the two Wasm modules. */
import type { WasmMemory, WasmModule } from "../platform.js";
import type { BalloonExports, BalloonImports, XenExports } from "./exports.js";

/** The compiled modules of one build; any number of machines and guests share them. */
export interface EngineModules {
  readonly balloon: WasmModule;
  readonly xen: WasmModule;
}

/** A fresh xen.wasm. */
export function instantiateXen(modules: EngineModules): XenExports {
  const env = abortOf(() => instance.memory);
  const instance = new WebAssembly.Instance(modules.xen, { env }).exports as unknown as XenExports;
  return instance;
}

/** A fresh balloon.wasm. */
export function instantiateBalloon(modules: EngineModules, imports: BalloonImports): BalloonExports {
  const env = abortOf(() => instance.memory);
  const instance = new WebAssembly.Instance(modules.balloon, { ...imports, env }).exports as unknown as BalloonExports;
  return instance;
}

/** Assertions of the debug build end in env.abort; a release build does not import it. */
function abortOf(memory: () => WasmMemory): { abort: (...args: number[]) => never } {
  return {
    abort(message: number, file: number, line: number, column: number): never {
      const text = (at: number): string => textAt(memory(), at);
      throw new Error(`assertion failed: ${text(message)} (${text(file)}:${line}:${column})`);
    },
  };
}

/** A text of AssemblyScript: UTF-16, its length in bytes in the word before it. */
function textAt(memory: WasmMemory, at: number): string {
  if (at === 0) return "";
  const bytes = new DataView(memory.buffer).getUint32(at - 4, true);
  return String.fromCharCode(...new Uint16Array(memory.buffer, at, bytes >>> 1));
}
