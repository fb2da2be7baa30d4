/** Checks the tunables that a caller sets, by the table of tunables. */
import { ArgumentRangeError } from "../host/argument-error.js";
import { readOptions, trueOrFalse, wholeNumber } from "../host/arguments.js";
import type { GuestConfig } from "../host/backend.js";
import { belongsTo, foreign } from "../host/generation.js";
import type { TunableField, Tunables } from "../host/stats-types.js";
import { TUNABLES } from "../host/tunables.js";

/** A checked setting; a flag is 0 or 1. */
interface ReadTunable {
  readonly name: keyof Tunables;
  readonly field: TunableField;
  readonly value: number;
}

/**
 * Reads and checks the tunables, in the order of the table.
 *
 * @throws TypeError, RangeError
 */
export function readTunables(tunables: Tunables, { driver }: GuestConfig): readonly ReadTunable[] {
  const read = readOptions(
    "tunables",
    tunables,
    TUNABLES.map(({ name }) => name),
  );
  return TUNABLES.flatMap((tunable) => {
    const { name, field, form, unit, from } = tunable;
    const value = read[name];
    if (value === undefined) return [];
    if (!belongsTo(driver, tunable)) {
      const { expected, got } = foreign(driver, tunable);
      throw new ArgumentRangeError(name, expected, got);
    }
    if (form === "flag") return [{ name, field, value: Number(trueOrFalse(name, value)) }];
    return [{ name, field, value: wholeNumber(name, value, unit, from, Number.MAX_SAFE_INTEGER) }];
  });
}
