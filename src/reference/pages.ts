/** The pages of the guest's kernel (mem_map): which are high, how many are managed, and their contents. */

import { PAGE_BYTES } from "../host/backend.js";
import { type Saved, saveFields, together } from "../host/saved.js";
import { ArraySaver } from "../host/saved-array.js";
import type { Pfn } from "../host/units.js";

/** The part of a guest's configuration that its pages need; sizes are in pages. */
export interface PagesConfig {
  readonly maxPfn: number;
  readonly pfnLimit: number;
  readonly highmemStart: number;
  readonly scrub: boolean;
  readonly contents: boolean;
}

/** The pages of a guest. */
export class GuestPages {
  /** The end of memory (max_pfn); add_memory raises it up to `pfnLimit`. */
  maxPfn: number;
  readonly pfnLimit: number;
  /** The number of managed pages, with the reserved ones. */
  managed = 0;
  managedHigh = 0;
  /** Counts since boot: pages cleared, calls of flush_tlb_all, and calls of kmap_flush_unused. */
  scrubbed = 0;
  tlbFlushes = 0;
  kmapFlushes = 0;
  /** Pages are cleared on their way out; the modern driver may change it. */
  scrub: boolean;
  readonly #highmemStart: number;
  readonly #contents: Uint8Array | null;
  readonly #savers: readonly ArraySaver[];

  constructor(config: PagesConfig) {
    this.maxPfn = config.maxPfn;
    this.pfnLimit = config.pfnLimit;
    this.#highmemStart = config.highmemStart;
    this.scrub = config.scrub;
    this.#contents = config.contents ? new Uint8Array(config.pfnLimit * PAGE_BYTES) : null;
    this.#savers = this.#contents === null ? [] : [new ArraySaver(new Uint32Array(this.#contents.buffer))];
  }

  /** True if the page is in high memory (PageHighMem). */
  isHighMem(pfn: Pfn): boolean {
    return pfn >= this.#highmemStart;
  }

  /** Adds `count` to the managed pages, and to the high ones if `pfn` is high (adjust_managed_page_count). */
  adjustManagedPageCount(pfn: Pfn, count: number): void {
    this.managed += count;
    if (this.isHighMem(pfn)) this.managedHigh += count;
  }

  /** Clears a page if the guest scrubs (scrub_page, drivers/xen/balloon.c). */
  scrubPage(pfn: Pfn): void {
    if (!this.scrub) return;
    this.scrubbed++;
    this.#contents?.fill(0, pfn * PAGE_BYTES, (pfn + 1) * PAGE_BYTES);
  }

  kmapFlushUnused(): void {
    this.kmapFlushes++;
  }

  flushTlbAll(): void {
    this.tlbFlushes++;
  }

  /** Fills a page with `byte`. */
  fillPage(pfn: Pfn, byte: number): void {
    this.#contents?.fill(byte, pfn * PAGE_BYTES, (pfn + 1) * PAGE_BYTES);
  }

  /** Returns the little-endian 32-bit word at place `word` of a page; 0 if pages have no contents. */
  readWord(pfn: Pfn, word: number): number {
    if (this.#contents === null) return 0;
    return new DataView(this.#contents.buffer).getUint32(pfn * PAGE_BYTES + word * 4, true);
  }

  save(): Saved {
    return together([saveFields(this), ...this.#savers.map((saver) => saver.save())]);
  }

  memoryBytes(): number {
    return this.#contents?.byteLength ?? 0;
  }
}
