/** The engines a command can run on. */

import { loadModules } from "xen-balloon";
import { type MachineFactory, ReferenceMachine, WasmMachine } from "xen-balloon/core";

/** The engines by name. `wasm-debug` has assertions and is slow. */
export const ENGINES = ["wasm", "wasm-debug", "reference"] as const;
export type EngineName = (typeof ENGINES)[number];

export async function machineFactory(engine: EngineName): Promise<MachineFactory> {
  if (engine === "reference") return (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);
  const modules = await loadModules(engine === "wasm" ? "release" : "debug");
  return (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase);
}
