/**
 * The Linux Xen balloon driver as a WebAssembly engine: in a browser or a worker. The Wasm files are fetched from beside
 * the package's own files.
 *
 * @packageDocumentation
 */
import { WasmMachine } from "./engine/machine.js";
import { loadModules } from "./load/browser.js";
import { Machine, type MachineOptions } from "./machine.js";

export * from "./api.js";

/**
 * Makes a machine on which guests boot.
 *
 * @param options - see MachineOptions.
 * @throws TypeError, RangeError: an option out of range, or more frames than linear memory has room for.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: MachineOptions): Promise<Machine> {
  const modules = await loadModules();
  return new Machine((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), options);
}
