/**
 * The same API on the driver in plain TypeScript, which is slower and easy to follow.
 *
 * @module xen-balloon/reference
 */
import { Machine } from "./api/machine.js";
import type { MachineOptions } from "./host/machine-options.js";
import { ReferenceMachine } from "./reference/machine.js";

export * from "./api/exports.js";

/**
 * Makes a machine on which guests boot; the driver is the reference in TypeScript.
 *
 * @param options - see MachineOptions.
 * @throws TypeError, RangeError: an option out of range.
 * @example
 * const machine = await createMachine({ hostPages: 8192 });
 */
export async function createMachine(options: MachineOptions): Promise<Machine> {
  return new Machine((hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase), options);
}
