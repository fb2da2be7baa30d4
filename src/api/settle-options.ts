/** Checks the options of settle and fills in the default. Guests here and in a worker share it. */

import { SETTLE_WITHIN_MS } from "../clock/scheduler.js";
import { ArgumentTypeError } from "../host/argument-error.js";
import { describe, readOptions, wholeNumber } from "../host/arguments.js";
import type { SettleOptions } from "./types.js";

interface Complete extends Pick<SettleOptions, "signal" | "onProgress"> {
  readonly withinMs: number;
}

/** @throws TypeError, RangeError: an option with a wrong type, an unknown name or a value out of range. */
export function completeSettleOptions(options: SettleOptions): Complete {
  const read = readOptions("options", options, ["withinMs", "signal", "onProgress"]);
  const { withinMs = SETTLE_WITHIN_MS, signal, onProgress } = read;
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new ArgumentTypeError("signal", "an AbortSignal", describe(signal));
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new ArgumentTypeError("onProgress", "a function", describe(onProgress));
  }
  wholeNumber("withinMs", withinMs, "ms", 0, Number.MAX_SAFE_INTEGER);
  return { ...read, withinMs };
}
