/** Checks the options of takeBallooned. Guests here and in a worker share it. */
import { ArgumentRangeError, ArgumentTypeError } from "../host/argument-error.js";
import { describe, readOptions, trueOrFalse } from "../host/arguments.js";
import type { GuestConfig } from "../host/backend.js";
import type { TakeOptions } from "./types.js";

/** @throws TypeError, RangeError: an option with a wrong type, an unknown name, or one that the driver does not have. */
export function readTakeOptions(
  options: TakeOptions,
  { driver }: GuestConfig,
): TakeOptions & { readonly highmem: boolean } {
  const { highmem = false, signal } = readOptions("options", options, ["highmem", "signal"]);
  trueOrFalse("highmem", highmem);
  if (highmem && driver === "modern") {
    throw new ArgumentRangeError("highmem", "false: the driver `modern` lends low pages alone", "true");
  }
  if (signal === undefined) return { highmem };
  if (typeof signal?.throwIfAborted !== "function") {
    throw new ArgumentTypeError("signal", "an AbortSignal", describe(signal));
  }
  return { highmem, signal };
}
