/** Makes machines for the entries that run the engine. The entries differ only in their source of the Wasm files. */
import type { Time } from "../clock/time.js";
import { WasmMachine } from "../engine/machine.js";
import type { EngineModules } from "../engine/modules.js";
import { completeMachineOptions, type MachineOptions } from "../host/machine-options.js";
import { compileFiles, type WasmFiles, type WasmHost } from "../load/wasm-files.js";
import { Machine } from "./machine.js";

/** The options of a machine and the Wasm files it runs. */
export interface EngineOptions extends MachineOptions {
  /**
   * The Wasm files to use in place of the package's own: compiled once for many machines, or stored where a bundler or
   * a server wants them. Each is a URL, a Response, bytes or a WebAssembly.Module. Default: the package's own files,
   * which `xen-balloon` reads or fetches, and `xen-balloon/inline` and `xen-balloon/worker` have inside their code.
   */
  readonly wasm?: WasmFiles;
}

export async function createMachineFrom(
  options: EngineOptions,
  loadModules: () => Promise<EngineModules>,
  host: WasmHost,
): Promise<Machine> {
  const machine = completeMachineOptions(options, ["wasm"]);
  const { wasm } = options;
  return machineOf(wasm === undefined ? await loadModules() : await compileFiles(wasm, host), machine);
}

/** @param time - the machine's clock. Default: the clock that the options ask for. */
export function machineOf(modules: EngineModules, options: MachineOptions, time?: Time): Machine {
  return new Machine((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), options, time);
}
