/** Faults as a user names them, checked and set. */
import { knownOptions, wholeNumber } from "../host/arguments.js";
import type { GuestBackend } from "../host/backend.js";
import { FAULT_ANSWERS, type Fault } from "../host/hypercall.js";
import { U32_MAX } from "../host/integers.js";
import type { Faults } from "./types.js";

/** @throws TypeError, RangeError before any of them is set */
export function inject(guest: GuestBackend, faults: Faults): void {
  knownOptions("faults", faults, ["populate", "partial", "decrease", "vaMapping", "addMemory"]);
  const { populate, partial, decrease, vaMapping, addMemory } = faults;
  if (populate !== undefined) check("populate", populate, FAULT_ANSWERS.populate);
  if (decrease !== undefined) check("decrease", decrease, FAULT_ANSWERS.decrease);
  if (vaMapping !== undefined) check("vaMapping", vaMapping, FAULT_ANSWERS.vaMapping);
  if (vaMapping?.rc === 0) throw new RangeError("vaMapping.rc: expected a number other than 0, got 0");
  if (addMemory !== undefined) check("addMemory", addMemory, FAULT_ANSWERS.addMemory);
  if (partial !== undefined) {
    knownOptions("partial", partial, ["extents", "times"]);
    wholeNumber("partial.extents", partial.extents, "extents", 0, U32_MAX);
    wholeNumber("partial.times", partial.times, "calls", 0, U32_MAX);
  }

  const { hypercalls } = guest;
  if (populate) Object.assign(hypercalls.failPopulate, populate);
  if (decrease) Object.assign(hypercalls.failDecrease, decrease);
  if (vaMapping) Object.assign(hypercalls.failVa, vaMapping);
  if (partial) Object.assign(hypercalls.partial, { rc: partial.extents, times: partial.times });
  if (addMemory) guest.failAddMemory(addMemory.rc, addMemory.times);
}

function check(name: string, fault: Readonly<Fault>, [from, to]: readonly [number, number]): void {
  knownOptions(name, fault, ["rc", "times"]);
  const { rc, times } = fault;
  wholeNumber(`${name}.rc`, rc, "an answer", from, to);
  wholeNumber(`${name}.times`, times, "calls", 0, U32_MAX);
}
