/** The places where lists cross the boundary: pages at the window, frames and the pages of a batch at their lists. */
import { FRAME_LIST, PFN_LIST, WINDOW, WINDOW_CAPACITY } from "./layout";

/** Returns the address of frame_list. */
export function frameListPtr(): usize {
  return FRAME_LIST;
}

/** Returns the address of pfn_list. */
export function pfnListPtr(): usize {
  return PFN_LIST;
}

/** Returns the address of the window. */
export function windowPtr(): usize {
  return WINDOW;
}

/** Returns how many u32 entries the window holds. */
export function windowCapacity(): u32 {
  return WINDOW_CAPACITY;
}
