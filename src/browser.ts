/**
 * The Linux Xen balloon driver as a WebAssembly engine, for a browser or a worker. It fetches the Wasm files from
 * beside the package's own files.
 *
 * @packageDocumentation
 */
import { createMachineFrom, type EngineOptions } from "./api/create-machine.js";
import type { Machine } from "./api/machine.js";
import { own } from "./load/browser.js";
import { anywhere } from "./load/wasm-files.js";

export type { EngineOptions } from "./api/create-machine.js";
export * from "./api/exports.js";
export type { EngineModules } from "./engine/modules.js";
export { loadModules } from "./load/browser.js";
export type { WasmFiles, WasmSource } from "./load/wasm-files.js";

/**
 * Makes a machine on which guests boot.
 *
 * @param options - see EngineOptions.
 * @throws TypeError, RangeError: an option out of range, more frames than linear memory has room for, a Wasm file of
 * another build. Error: a file cannot be read.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: EngineOptions): Promise<Machine> {
  return createMachineFrom(options, own, anywhere);
}
