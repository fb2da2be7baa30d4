/** Faults as a user names them, checked and set. */
import { knownOptions, wholeNumber } from "../host/arguments.js";
import type { GuestBackend } from "../host/backend.js";
import type { Fault } from "../host/hypercall.js";
import type { Faults } from "./types.js";

const I32_MIN = -(2 ** 31);
const I32_MAX = 2 ** 31 - 1;
const U32_MAX = 2 ** 32 - 1;

/** @throws TypeError, RangeError before any of them is set */
export function inject(guest: GuestBackend, faults: Faults): void {
  knownOptions("faults", faults, ["populate", "partial", "decrease", "vaMapping", "addMemory"]);
  const { populate, partial, decrease, vaMapping, addMemory } = faults;
  if (populate !== undefined) check("populate", populate, I32_MIN, 0);
  if (decrease !== undefined) check("decrease", decrease, I32_MIN, I32_MAX);
  if (vaMapping !== undefined) check("vaMapping", vaMapping, I32_MIN, I32_MAX);
  if (vaMapping?.rc === 0) throw new RangeError("vaMapping.rc: expected a number other than 0, got 0");
  if (addMemory !== undefined) check("addMemory", addMemory, I32_MIN, I32_MAX);
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

function check(name: string, fault: Readonly<Fault>, from: number, to: number): void {
  knownOptions(name, fault, ["rc", "times"]);
  const { rc, times } = fault;
  wholeNumber(`${name}.rc`, rc, "an answer", from, to);
  wholeNumber(`${name}.times`, times, "calls", 0, U32_MAX);
}
