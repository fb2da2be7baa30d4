/**
 * Checks the machine's invariants; the debug build alone has it. `validate` returns 0, or the number of the first
 * invariant that is broken:
 *
 *   1  the heap's bitmap and its summaries agree
 *   2  a frame of a physmap is not free
 *   3  the rows of a physmap name pieces
 */
import { isConsistent } from "../common/number-set-check";
import { areRowsValid } from "../common/piece-table-check";
import { DomainId, Gfn } from "../common/types";
import { domainAt } from "./domain";
import { heap, INVALID_ENTRY, MAX_DOMAINS } from "./layout";

/** Returns 0, or the number of the first invariant that is broken. O(frames + entries of the physmaps). */
export function validate(): u32 {
  if (!isConsistent(heap)) return 1;
  for (let id: DomainId = 0; id < MAX_DOMAINS; id++) {
    const domain = domainAt(id);
    if (!domain.inUse || !domain.translated) continue;
    if (!areRowsValid(domain.physmap)) return 3;
    for (let gfn: Gfn = 0; gfn < domain.roomPages; gfn++) {
      const mfn = domain.physmap.get(gfn);
      if (mfn != INVALID_ENTRY && heap.has(mfn)) return 2;
    }
  }
  return 0;
}
