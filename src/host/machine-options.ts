/** What a machine is made of: the checks and the defaults that every way in shares. */
import { readOptions, wholeNumber } from "./arguments.js";
import { MAX_HOST_PAGES } from "./config.js";

/** What to make a machine of. */
export interface MachineOptions {
  /** Machine frames, 4096 bytes each: 262,144 for 1 GiB. 1 to 2^32 - 1, as far as linear memory has room for them. */
  readonly hostPages: number;
  /** Frames below this are never free: 0 to `hostPages`. Default: 0. */
  readonly mfnBase?: number;
  /**
   * `virtual`: time passes only in `settle` and `advance`, and the same calls give the same run. `real`: work runs on
   * timers by itself. Default: `virtual`.
   */
  readonly clock?: "virtual" | "real";
}

/**
 * @param elsewhere - names of options that somebody else reads.
 * @throws TypeError, RangeError: an option of another type, name or range.
 */
export function completeMachineOptions(
  options: MachineOptions,
  elsewhere?: readonly string[],
): Required<MachineOptions> {
  const read = readOptions("options", options, ["hostPages", "mfnBase", "clock"], elsewhere);
  const { hostPages, mfnBase = 0, clock = "virtual" } = read;
  wholeNumber("hostPages", hostPages, "frames", 1, MAX_HOST_PAGES);
  wholeNumber("mfnBase", mfnBase, "a frame", 0, hostPages);
  if (clock !== "virtual" && clock !== "real") throw new RangeError(`clock: expected virtual or real, got ${clock}`);
  return { hostPages, mfnBase, clock };
}
