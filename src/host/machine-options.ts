/** What a machine is made of: the checks and the defaults that every way in shares. */
import { knownOptions } from "./arguments.js";
import { complete } from "./options/complete.js";
import { MACHINE_OPTIONS } from "./options/machine-options.js";
import type { MachineOptions } from "./options/types.js";

export type { MachineOptions } from "./options/types.js";

/** @throws TypeError, RangeError: an option of another type, name or range. */
export function completeMachineOptions(options: MachineOptions): Required<MachineOptions> {
  knownOptions("options", options, Object.keys(MACHINE_OPTIONS));
  return complete<MachineOptions>(MACHINE_OPTIONS, options);
}
