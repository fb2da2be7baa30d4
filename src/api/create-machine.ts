/** createMachine of the entries that run the engine: they differ in where the Wasm comes from. */
import type { Time } from "../clock/time.js";
import { WasmMachine } from "../engine/machine.js";
import type { EngineModules } from "../engine/modules.js";
import { completeMachineOptions, type MachineOptions } from "../host/machine-options.js";
import { compileFiles, type WasmFiles, type WasmHost } from "../load/wasm-files.js";
import { Machine } from "./machine.js";

/** What to make a machine of, and of which files. */
export interface EngineOptions extends MachineOptions {
  /**
   * The Wasm files, if not the package's own: compiled once for many machines, or kept where a bundler or a server wants
   * them. Each is a URL, a Response, bytes or a WebAssembly.Module. Default: the package's own, which
   * `xen-balloon` reads or fetches, and `xen-balloon/inline` and `xen-balloon/worker` have inside their code.
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

/** @param time - default: the one that the options ask for. */
export function machineOf(modules: EngineModules, options: MachineOptions, time?: Time): Machine {
  return new Machine((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), options, time);
}
