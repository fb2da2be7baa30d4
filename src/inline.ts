/**
 * The same API with the Wasm inside the code: for a single file, a bundler that leaves assets behind, a page that may not
 * fetch, a start that cannot wait.
 *
 * @module xen-balloon/inline
 */
import { createMachineFrom, type EngineOptions, machineOf } from "./api/create-machine.js";
import type { Machine } from "./api/machine.js";
import type { MachineOptions } from "./host/machine-options.js";
import { loadModules, loadModulesSync } from "./load/inline.js";
import { anywhere } from "./load/wasm-files.js";

export type { EngineOptions } from "./api/create-machine.js";
export * from "./api/exports.js";
export type { WasmFiles, WasmSource } from "./load/wasm-files.js";

/**
 * Makes a machine on which guests boot.
 *
 * @param options - see EngineOptions. An address in `wasm` is fetched: in Node, which fetches no files, give their bytes.
 * @throws TypeError, RangeError: an option out of range, more frames than linear memory has room for, a Wasm file that
 * is not of this build. Error: a file that cannot be read.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: EngineOptions): Promise<Machine> {
  return createMachineFrom(options, loadModules, anywhere);
}

/**
 * The same at once: it compiles before it returns, a few ms.
 *
 * @param options - see MachineOptions.
 * @throws TypeError, RangeError as createMachine.
 * @example
 * const machine = createMachineSync({ hostPages: 8192 });
 */
export function createMachineSync(options: MachineOptions): Machine {
  return machineOf(loadModulesSync(), options);
}
