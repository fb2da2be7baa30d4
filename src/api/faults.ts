/** Checks the faults that a user names, and injects them. */
import { readOptions, wholeNumber } from "../host/arguments.js";
import type { GuestBackend } from "../host/backend.js";
import { FAULT_ANSWERS } from "../host/hypercall.js";
import { U32_MAX } from "../host/integers.js";
import type { FaultAnswer, FaultLimit, Faults } from "./types.js";

/**
 * Reads and checks the faults that a caller asks for.
 *
 * @throws TypeError, RangeError
 */
export function readFaults(faults: Faults): Faults {
  const { populate, partial, decrease, vaMapping, addMemory } = readOptions("faults", faults, [
    "populate",
    "partial",
    "decrease",
    "vaMapping",
    "addMemory",
  ]);
  const read: { -readonly [K in keyof Faults]: Faults[K] } = {};
  if (populate !== undefined) read.populate = answer("populate", populate);
  if (decrease !== undefined) read.decrease = answer("decrease", decrease);
  if (vaMapping !== undefined) read.vaMapping = answer("vaMapping", vaMapping);
  if (read.vaMapping?.rc === 0) throw new RangeError("vaMapping.rc: expected a number other than 0, got 0");
  if (addMemory !== undefined) read.addMemory = answer("addMemory", addMemory);
  if (partial !== undefined) read.partial = limit(partial);
  return read;
}

function answer(name: keyof typeof FAULT_ANSWERS, fault: FaultAnswer): FaultAnswer {
  const { rc, times } = readOptions(name, fault, ["rc", "times"]);
  wholeNumber(`${name}.rc`, rc, "an answer", ...FAULT_ANSWERS[name]);
  wholeNumber(`${name}.times`, times, "calls", 0, U32_MAX);
  return { rc, times };
}

function limit(fault: FaultLimit): FaultLimit {
  const { extents, times } = readOptions("partial", fault, ["extents", "times"]);
  wholeNumber("partial.extents", extents, "extents", 0, U32_MAX);
  wholeNumber("partial.times", times, "calls", 0, U32_MAX);
  return { extents, times };
}

/** @param faults - checked faults, from readFaults. */
export function inject(guest: GuestBackend, { populate, partial, decrease, vaMapping, addMemory }: Faults): void {
  const { hypercalls } = guest;
  if (populate) Object.assign(hypercalls.failPopulate, populate);
  if (decrease) Object.assign(hypercalls.failDecrease, decrease);
  if (vaMapping) Object.assign(hypercalls.failVa, vaMapping);
  if (partial) Object.assign(hypercalls.partial, { rc: partial.extents, times: partial.times });
  if (addMemory) guest.failAddMemory(addMemory.rc, addMemory.times);
}
