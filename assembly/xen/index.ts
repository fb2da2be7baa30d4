/**
 * The exports of xen.wasm, which is one machine: the hypervisor's side of the balloon driver, as in Xen's
 * common/memory.c. This file holds no logic. Lists cross the boundary at FRAME_LIST, at most FRAME_LIST_CAPACITY
 * entries at a time.
 */

import { DomainId, Pages } from "../common/types";
import { domainAt } from "./domain";
import { FRAME_LIST, FRAME_LIST_CAPACITY, heap } from "./layout";

export { createDomain } from "./domain";
export {
  configure,
  destroyDomain,
  giveFrames,
  readPhysmap,
  reclaimFrames,
  releasePhysmap,
  releaseRuns,
  takeFrames,
} from "./machine";
export { assign, assignLowest, decrease, decreaseRun, populate, populateBatches, populateRun } from "./memory-op";
export { stretchesFrom } from "./saved";

/** Returns the address at which lists cross. */
export function frameListPtr(): usize {
  return FRAME_LIST;
}

/** Returns how many u32 entries cross at a time. */
export function frameListCapacity(): u32 {
  return FRAME_LIST_CAPACITY;
}

/** Returns the number of frames in the heap. */
export function freeFrames(): Pages {
  return heap.count;
}

/** Returns the number of frames that belong to a domain (tot_pages). */
export function totPages(id: DomainId): Pages {
  return domainAt(id).totPages;
}

/** Returns the most frames that populate lets a domain have (max_pages). */
export function maxPages(id: DomainId): Pages {
  return domainAt(id).maxPages;
}

/** Sets it. */
export function setMaxPages(id: DomainId, pages: Pages): void {
  domainAt(id).maxPages = pages;
}
