/** The exports of xen.wasm: one machine. No logic. Lists cross at FRAME_LIST, at most FRAME_LIST_CAPACITY entries. */

import { DomainId, Pages } from "../common/types";
import { domainAt } from "./domain";
import { FRAME_LIST, FRAME_LIST_CAPACITY, heap } from "./layout";

export { createDomain } from "./domain";
export { bytesFor } from "./layout";
export {
  configure,
  destroyDomain,
  framesToPfns,
  giveFrames,
  readM2p,
  readPhysmap,
  reclaimFrames,
  releaseFrames,
  takeFrames,
} from "./machine";
export { assign, decrease, populate } from "./memory-op";

export function frameListPtr(): usize {
  return FRAME_LIST;
}

export function frameListCapacity(): u32 {
  return FRAME_LIST_CAPACITY;
}

export function freeFrames(): Pages {
  return heap.count;
}

export function totPages(id: DomainId): Pages {
  return domainAt(id).totPages;
}

export function setMaxPages(id: DomainId, pages: Pages): void {
  domainAt(id).maxPages = pages;
}
