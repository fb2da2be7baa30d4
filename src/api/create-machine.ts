/** Makes machines for the entries that run the engine. The entries differ only in their source of the Wasm files. */
import type { Time } from "../clock/time.js";
import { WasmMachine } from "../engine/machine.js";
import type { EngineModules } from "../engine/modules.js";
import type { Generation } from "../host/generation.js";
import { completeMachineOptions, type MachineOptions } from "../host/machine-options.js";
import type { WasmModule } from "../host/platform.js";
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

/** The package's own files: those that every machine needs, and that of the modern driver. */
export interface OwnFiles {
  load(): Promise<EngineModules>;
  loadModern(): Promise<WasmModule>;
}

/** Makes a machine. Of the package's own files, that of the modern driver is loaded when the first guest has that driver. */
export async function createMachineFrom(options: EngineOptions, own: OwnFiles, host: WasmHost): Promise<Machine> {
  const machine = completeMachineOptions(options, ["wasm"]);
  const { wasm } = options;
  if (wasm !== undefined) return machineOf(await compileFiles(wasm, host), machine);
  const modules: Writable<EngineModules> = { ...(await own.load()) };
  const prepare = async (driver: Generation): Promise<void> => {
    if (driver === "modern") modules.balloonModern ??= await own.loadModern();
  };
  return machineOf(modules, machine, undefined, prepare);
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * @param time - the machine's clock. Default: the clock that the options ask for.
 * @param prepare - loads what a guest with that driver needs. Default: the modules are all that there is.
 */
export function machineOf(
  modules: EngineModules,
  options: MachineOptions,
  time?: Time,
  prepare?: (driver: Generation) => Promise<void>,
): Machine {
  return new Machine((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), options, time, prepare);
}
