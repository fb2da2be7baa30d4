/** What a machine is made of: the checks and the defaults that every way in shares. */
import { readOptions } from "./arguments.js";
import { complete } from "./options/complete.js";
import { MACHINE_OPTIONS } from "./options/machine-options.js";
import { namesOf } from "./options/option.js";
import type { MachineOptions } from "./options/types.js";

export type { MachineOptions } from "./options/types.js";

/**
 * @param elsewhere - names of options that somebody else reads.
 * @throws TypeError, RangeError: an option of another type, name or range.
 */
export function completeMachineOptions(
  options: MachineOptions,
  elsewhere?: readonly string[],
): Required<MachineOptions> {
  const read = readOptions("options", options, namesOf(MACHINE_OPTIONS), elsewhere);
  return complete<MachineOptions>(MACHINE_OPTIONS, read);
}
