/** Checks the guest's invariants (../validate.ts); the debug build alone has it. */
import { firstBroken } from "../validate";
import { ownsFrame } from "./scratch";

/** Returns 0, or the number of the first invariant that is broken. */
export function validate(): u32 {
  return firstBroken(ownsFrame);
}
