/** The engines every behavioural test runs over: both builds of the Wasm, and the reference. */
import { WasmMachine } from "../../src/engine/machine.js";
import type { EngineModules } from "../../src/engine/modules.js";
import type { MachineFactory } from "../../src/host/backend.js";
import { loadModules } from "../../src/load/node.js";
import { ReferenceMachine } from "../../src/reference/machine.js";

export const release: EngineModules = await loadModules("release");
export const debug: EngineModules = await loadModules("debug");

export const engines: readonly (readonly [name: string, make: MachineFactory])[] = [
  ["wasm", (hostPages, mfnBase) => new WasmMachine(release, hostPages, mfnBase)],
  ["wasm, debug build", (hostPages, mfnBase) => new WasmMachine(debug, hostPages, mfnBase)],
  ["reference", (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase)],
];
