/** The thread's side: a machine and its guests as the objects of a server. */

import { machineOf } from "../api/create-machine.js";
import type { Machine } from "../api/machine.js";
import type { BootOptions } from "../api/types.js";
import { type Time, timeOf } from "../clock/time.js";
import type { EngineModules } from "../engine/modules.js";
import type { MachineOptions } from "../host/machine-options.js";
import { loadModulesSync } from "../load/inline.js";
import { type Booted, ERRORS, type MachineState, pack } from "./machine-protocol.js";
import { Server } from "./transport/server.js";

/**
 * Serves a machine, which the first call makes, and its guests.
 *
 * @param onIdle - called whenever no call is under way and no guest has work on timers.
 */
export function serveMachine(port: MessagePort, onIdle?: () => void): void {
  let machine: Machine | null = null;
  let time: Time | null = null;
  const root = {
    /** Returns the machine's target. */
    create(options: Required<MachineOptions>, modules: EngineModules = loadModulesSync()): number {
      const made = timeOf(options.clock);
      machine = machineOf(modules, options, made);
      time = made;
      made.onRest = () => server.rest();
      return server.add(machine);
    },
    async boot(options: BootOptions): Promise<Booted> {
      const guest = await (machine as Machine).boot(options);
      const { config, kernelLog } = guest;
      // the other side keeps the guest's log and the error that ended it
      return { target: server.add(guest, ["log", "ended"]), config, kernelLog };
    },
  };
  const service = {
    root,
    state: (): MachineState => ({ nowMs: machine?.nowMs ?? 0, memoryBytes: machine?.memoryBytes ?? 0 }),
    resting: () => time?.resting !== false,
    errors: ERRORS,
    packers: { hypercall: pack },
    closed: "the guest is closed",
  };
  const server = new Server(port, service, onIdle);
}
