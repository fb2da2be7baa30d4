/** The engines a command can run on. */
import { setFlagsFromString } from "node:v8";
import { WasmMachine } from "./engine/machine.js";
import { loadModules } from "./load/node.js";
import { ReferenceMachine } from "./reference/machine.js";
import type { MachineFactory } from "./scenario/world.js";

/** `wasm-debug`: with assertions, slow. */
export const ENGINES = ["wasm", "wasm-debug", "reference"] as const;
export type EngineName = (typeof ENGINES)[number];

export async function machineFactory(engine: EngineName): Promise<MachineFactory> {
  if (engine === "reference") return (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);
  if (engine === "wasm") compileAtOnce();
  const modules = await loadModules(engine === "wasm" ? "release" : "debug");
  return (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase);
}

/**
 * V8 compiles Wasm quickly first, and well where it has run for a while: 2^20 pages are moved some ten times before that
 * is over. A command that tells or times a run wants the good code from the start, as a native program has it.
 */
function compileAtOnce(): void {
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-lazy-compilation");
}
