/** Makes machines of the engines a command can run on. */

import { loadModules } from "xen-balloon";
import { type MachineFactory, ReferenceMachine, WasmMachine } from "xen-balloon/core";
import type { EngineName } from "./engine-names.js";

export async function machineFactory(engine: EngineName): Promise<MachineFactory> {
  if (engine === "reference") return (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);
  const modules = await loadModules(engine === "wasm" ? "release" : "debug");
  return (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase);
}
