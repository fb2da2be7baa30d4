/** Completes and checks the options of a machine. Every way in shares this code. */
import { readOptions } from "./arguments.js";
import { complete } from "./options/complete.js";
import { MACHINE_OPTIONS } from "./options/machine-options.js";
import { namesOf } from "./options/option.js";
import type { MachineOptions } from "./options/types.js";

export type { MachineOptions } from "./options/types.js";

/**
 * @param elsewhere - names of options that other code reads.
 * @throws TypeError, RangeError: an option with a wrong type, an unknown name or a value out of range.
 */
export function completeMachineOptions(
  options: MachineOptions,
  elsewhere?: readonly string[],
): Required<MachineOptions> {
  const read = readOptions("options", options, namesOf(MACHINE_OPTIONS), elsewhere);
  return complete<MachineOptions>(MACHINE_OPTIONS, read);
}
