/** Checks the faults that a caller asks for, by the table of faults. */
import { ArgumentRangeError } from "../host/argument-error.js";
import { readOptions, wholeNumber } from "../host/arguments.js";
import type { GuestConfig } from "../host/backend.js";
import { FAULTS, type FaultKind, type FaultName } from "../host/faults.js";
import { belongsTo, foreign } from "../host/generation.js";
import { U32_MAX } from "../host/integers.js";
import type { FaultAnswer, FaultLimit, Faults } from "./types.js";

/** A checked fault. */
export interface ReadFault {
  readonly fault: FaultName;
  readonly amount: number;
  readonly times: number;
}

/**
 * Reads and checks the faults, in the order of the table.
 *
 * @throws TypeError, RangeError
 */
export function readFaults(faults: Faults, { driver }: GuestConfig): readonly ReadFault[] {
  const names = Object.keys(FAULTS) as FaultName[];
  const given = readOptions("faults", faults, names);
  return names.flatMap((name) => {
    const fault = given[name];
    if (fault === undefined) return [];
    if (!belongsTo(driver, FAULTS[name])) {
      const { expected, got } = foreign(driver, FAULTS[name]);
      throw new ArgumentRangeError(name, expected, got);
    }
    return [{ fault: name, ...readFault(name, FAULTS[name], fault) }];
  });
}

function readFault(name: FaultName, kind: FaultKind, fault: FaultAnswer | FaultLimit): Omit<ReadFault, "fault"> {
  const read = readOptions<Partial<FaultAnswer & FaultLimit>>(name, fault, [kind.amount, "times"]);
  const path = `${name}.${kind.amount}`;
  const amount = wholeNumber(path, read[kind.amount], kind.unit, kind.from, kind.to);
  if (amount === kind.except) throw new ArgumentRangeError(path, `a number other than ${amount}`, String(amount));
  const times = wholeNumber(`${name}.times`, read.times, "calls", 0, U32_MAX);
  return { amount, times };
}
