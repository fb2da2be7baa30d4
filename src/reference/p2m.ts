/**
 * The guest's translations from physical to machine and back (arch/x86/include/asm/xen/page.h). An auto-translated
 * guest sees PFNs alone: its kernel returns the number that it is given.
 */

import { INVALID_ENTRY } from "../host/backend.js";
import { BalloonBug } from "../host/errors.js";
import type { Mfn, Pfn } from "../host/units.js";
import type { ReferenceDomain } from "./domain.js";

/** The translations of one guest. */
export class PhysToMachine {
  /** XENFEAT_auto_translated_physmap. */
  readonly translated: boolean;
  readonly #p2m: Uint32Array;
  readonly #m2p: Uint32Array;

  constructor(domain: ReferenceDomain) {
    this.translated = domain.translated;
    this.#p2m = domain.p2m;
    this.#m2p = domain.m2p;
  }

  /** Returns the frame of a page (pfn_to_mfn). */
  pfnToMfn(pfn: Pfn): Mfn {
    return this.translated ? (pfn as number) : this.#p2m[pfn];
  }

  /** Returns the page that a frame holds (mfn_to_pfn). */
  mfnToPfn(mfn: Mfn): Pfn {
    return this.translated ? (mfn as number) : this.#m2p[mfn];
  }

  /**
   * Sets the frame of a page (set_phys_to_machine). In an auto-translated guest it changes nothing, and it is a BUG if
   * the frame is neither the page itself nor INVALID_P2M_ENTRY.
   */
  setPhysToMachine(pfn: Pfn, mfn: Mfn): void {
    if (!this.translated) this.#p2m[pfn] = mfn;
    else if (mfn !== (pfn as number) && mfn !== INVALID_ENTRY)
      throw new BalloonBug("pfn != mfn && mfn != INVALID_P2M_ENTRY");
  }
}
