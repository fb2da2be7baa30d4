/** Why an operation was refused, in words: the same to the caller of the API and to the reader of an account. */
import { EBUSY, EEXIST, EINVAL, ENODEV, ENOENT, ENOMEM, ERANGE } from "./errors.js";

/** By the error number: the words for an operation that has its own, and those for all others. */
const REASONS: Readonly<Record<number, { readonly [operation: string]: string; readonly other: string }>> = {
  [ENODEV]: { boot: "not running on Xen", other: "not booted" },
  [EEXIST]: { boot: "booted already", late: "the late initcall has run already", other: "the name is in use" },
  [ENOENT]: {
    set: "a guest without hotplug does not have it",
    signal: "nobody waits for that array",
    other: "no such array",
  },
  [EBUSY]: { other: "its caller still waits" },
  [ERANGE]: { boot: "nothing is left of the guest's size", other: "out of range" },
  [ENOMEM]: { balloon_alloc: "the guest has no more pages to give", other: "no page for the scratch page" },
  [EINVAL]: { set: "out of range, or the guest has high memory", other: "out of range" },
};

/**
 * Why an operation answered an error number.
 *
 * @param operation - its name in a script, as in `balloon_alloc`.
 * @param errno - negative, as the kernel returns it.
 */
export function refusalReason(operation: string, errno: number): string {
  const reasons = REASONS[errno];
  return reasons === undefined ? "failed" : (reasons[operation] ?? reasons.other);
}
