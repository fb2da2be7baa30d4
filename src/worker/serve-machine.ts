/** The thread's side: a machine and its guests as the objects of a server. */

import { machineOf } from "../api/create-machine.js";
import type { Guest } from "../api/guest.js";
import type { Machine } from "../api/machine.js";
import type { Snapshot } from "../api/snapshot.js";
import type { BootOptions } from "../api/types.js";
import { type Time, timeOf } from "../clock/time.js";
import type { EngineModules } from "../engine/modules.js";
import type { MachineOptions } from "../host/machine-options.js";
import { loadModulesSync } from "../load/inline.js";
import { type Booted, ERRORS, type MachineState, pack, type Restored, type Taken } from "./machine-protocol.js";
import { Server } from "./transport/server.js";

/**
 * Serves a machine, which the first call makes, and its guests.
 *
 * @param onIdle - called whenever no call is under way and no guest has work on timers.
 */
export function serveMachine(port: MessagePort, onIdle?: () => void): void {
  let machine: Machine | null = null;
  let time: Time | null = null;
  /** The guests' targets. A guest that was closed has lost its own, and may be brought back by a restore. */
  const targets = new WeakMap<Guest, number>();
  const snapshots = new Map<number, Snapshot>();
  let taken = 0;
  // the other side keeps the guest's log and the error that ended it
  const addGuest = (guest: Guest): number => {
    const target = server.add(guest, ["log", "ended"]);
    targets.set(guest, target);
    return target;
  };
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
      return { target: addGuest(guest), config, kernelLog };
    },
    async snapshot(): Promise<Taken> {
      const snapshot = await (machine as Machine).snapshot();
      const id = taken++;
      snapshots.set(id, snapshot);
      return { id, nowMs: snapshot.nowMs, bytes: snapshot.bytes };
    },
    /** Returns the guests of the snapshot, in the order of their boots. */
    async restore(id: number): Promise<Restored[]> {
      const served = machine as Machine;
      await served.restore(snapshots.get(id) as Snapshot);
      return served.guests.map((guest) => {
        const target = targets.get(guest) as number;
        return { target: server.serves(target) ? target : addGuest(guest), kernelLog: guest.kernelLog };
      });
    },
    async closeSnapshot(id: number): Promise<void> {
      await snapshots.get(id)?.close();
      snapshots.delete(id);
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
