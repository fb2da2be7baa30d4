/** Physical to machine and back, as the guest sees it (asm/xen/page.h). An auto-translated guest sees PFNs alone. */
import { INVALID_ENTRY } from "../host/backend.js";
import { BalloonBug } from "../host/errors.js";
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

  /** pfn_to_mfn. */
  pfnToMfn(pfn: number): number {
    return this.translated ? pfn : this.#p2m[pfn];
  }

  /** mfn_to_pfn. */
  mfnToPfn(mfn: number): number {
    return this.translated ? mfn : this.#m2p[mfn];
  }

  /** set_phys_to_machine. */
  setPhysToMachine(pfn: number, mfn: number): void {
    if (!this.translated) this.#p2m[pfn] = mfn;
    else if (pfn !== mfn && mfn !== INVALID_ENTRY) throw new BalloonBug("pfn != mfn && mfn != INVALID_P2M_ENTRY");
  }
}
