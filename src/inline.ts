/**
 * The same API with the Wasm inside the code. It serves a program in a single file, a bundler that ignores assets, a
 * page that may not fetch, and a start that cannot wait.
 *
 * @module xen-balloon/inline
 */
import { createMachineFrom, type EngineOptions, machineOf } from "./api/create-machine.js";
import type { Machine } from "./api/machine.js";
import type { MachineOptions } from "./host/machine-options.js";
import { loadModulesSync, own } from "./load/inline.js";
import { anywhere } from "./load/wasm-files.js";

export type { EngineOptions } from "./api/create-machine.js";
export * from "./api/exports.js";
export type { EngineModules } from "./engine/modules.js";
export { loadModules } from "./load/inline.js";
export type { WasmFiles, WasmSource } from "./load/wasm-files.js";

/**
 * Makes a machine on which guests boot.
 *
 * @param options - see EngineOptions. An address in `wasm` is fetched. Node fetches no files: pass their bytes there.
 * @throws TypeError, RangeError: an option out of range, more frames than linear memory has room for, a Wasm file of
 * another build. Error: a file cannot be read.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: EngineOptions): Promise<Machine> {
  return createMachineFrom(options, own, anywhere);
}

/**
 * Makes a machine on which guests boot, synchronously: it compiles before it returns, which takes a few ms.
 *
 * @param options - see MachineOptions.
 * @throws TypeError, RangeError as createMachine.
 * @example
 * const machine = createMachineSync({ hostPages: 8192 });
 */
export function createMachineSync(options: MachineOptions): Machine {
  return machineOf(loadModulesSync(), options);
}
