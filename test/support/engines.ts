/** The engines every behavioural test runs over: both builds of the Wasm, and the reference. */
import { expect } from "vitest";
import type { BalloonImports } from "../../src/engine/exports.js";
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

const nothing = (): never => expect.unreachable("nothing is imported that is not called");

/** The imports of a guest's module that is looked at and never run. */
export const noImports: BalloonImports = {
  kernel: {
    schedule_delayed_work: nothing,
    wake_thread: nothing,
    wake_callers: nothing,
    log: nothing,
    bug: nothing,
    store_pages: nothing,
    load_pages: nothing,
  },
  hypervisor: {
    batches_at_once: nothing,
    memory_op: nothing,
    update_va_mappings: nothing,
    populate_run: nothing,
    decrease_run: nothing,
    current_reservation: nothing,
    populate_batches: nothing,
    decrease_part: nothing,
  },
};
