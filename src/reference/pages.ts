/** What the kernel knows of its pages (mem_map): high or low, how many are managed, and what is in them. */
import { PAGE_BYTES } from "../host/backend.js";

/** What of a guest's configuration concerns its pages; sizes in pages. */
export interface PagesConfig {
  readonly maxPfn: number;
  readonly pfnLimit: number;
  readonly highmemStart: number;
  readonly scrub: boolean;
  readonly contents: boolean;
}

/** The pages of a guest. */
export class Pages {
  /** End of memory; add_memory raises it up to `pfnLimit`. */
  maxPfn: number;
  readonly pfnLimit: number;
  /** Managed pages, reserved ones included. */
  managed = 0;
  managedHigh = 0;
  /** Since boot: pages cleared, flush_tlb_all and kmap_flush_unused calls. */
  scrubbed = 0;
  tlbFlushes = 0;
  kmapFlushes = 0;
  readonly #highmemStart: number;
  readonly #scrub: boolean;
  readonly #contents: Uint8Array | null;

  constructor(config: PagesConfig) {
    this.maxPfn = config.maxPfn;
    this.pfnLimit = config.pfnLimit;
    this.#highmemStart = config.highmemStart;
    this.#scrub = config.scrub;
    this.#contents = config.contents ? new Uint8Array(config.pfnLimit * PAGE_BYTES) : null;
  }

  /** PageHighMem. */
  isHighMem(pfn: number): boolean {
    return pfn >= this.#highmemStart;
  }

  /** adjust_managed_page_count. */
  adjustManagedPageCount(pfn: number, count: number): void {
    this.managed += count;
    if (this.isHighMem(pfn)) this.managedHigh += count;
  }

  /** scrub_page. */
  scrubPage(pfn: number): void {
    if (!this.#scrub) return;
    this.scrubbed++;
    this.#contents?.fill(0, pfn * PAGE_BYTES, (pfn + 1) * PAGE_BYTES);
  }

  kmapFlushUnused(): void {
    this.kmapFlushes++;
  }

  flushTlbAll(): void {
    this.tlbFlushes++;
  }

  /** Writes `byte` all over a page. */
  fillPage(pfn: number, byte: number): void {
    this.#contents?.fill(byte, pfn * PAGE_BYTES, (pfn + 1) * PAGE_BYTES);
  }

  /** The little-endian word `word` of a page; 0 without contents. */
  readWord(pfn: number, word: number): number {
    if (this.#contents === null) return 0;
    return new DataView(this.#contents.buffer).getUint32(pfn * PAGE_BYTES + word * 4, true);
  }

  memoryBytes(): number {
    return this.#contents?.byteLength ?? 0;
  }
}
