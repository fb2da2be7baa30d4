/**
 * balloon_scratch_page (drivers/xen/balloon.c): a page for each CPU. A pv guest maps the pages in the balloon to its
 * frame.
 */
import { type Kernel, MAX_CPUS } from "../../host/backend.js";
import { BalloonBug } from "../../host/errors.js";
import { type Saved, saveFields } from "../../host/saved.js";
import { NO_PAGE, type PageAllocator } from "../page-allocator.js";

/** The scratch pages of one guest. None is allocated at first (balloon_clear), and the driver runs on CPU 0. */
export class ScratchPages {
  /** The CPU on which the driver runs. */
  cpu = 0;
  readonly #pfns = new Uint32Array(MAX_CPUS).fill(NO_PAGE);
  readonly #allocator: PageAllocator;
  readonly #kernel: Kernel;

  constructor(allocator: PageAllocator, kernel: Kernel) {
    this.#allocator = allocator;
    this.#kernel = kernel;
  }

  /** Allocates the page of a CPU that has none; false if there is no page (balloon_cpu_notify at CPU_UP_PREPARE). */
  prepare(cpu: number): boolean {
    if (this.#pfns[cpu] !== NO_PAGE) return true;
    this.#pfns[cpu] = this.#allocator.allocPage(false);
    if (this.#pfns[cpu] !== NO_PAGE) return true;
    this.#kernel.log(`xen:balloon: Failed to allocate balloon_scratch_page for cpu ${cpu}`);
    return false;
  }

  /** Returns the PFNs of all scratch pages, in the order of their CPUs. */
  pfns(): number[] {
    return [...this.#pfns].filter((pfn) => pfn !== NO_PAGE);
  }

  save(): Saved {
    const fields = saveFields(this);
    const pfns = this.#pfns.slice();
    const restore = (): void => {
      fields.restore();
      this.#pfns.set(pfns);
    };
    return { bytes: pfns.byteLength, restore };
  }

  /** Returns the page of the CPU on which the driver runs (get_balloon_scratch_page). */
  get(): number {
    const pfn = this.#pfns[this.cpu];
    if (pfn === NO_PAGE) throw new BalloonBug("ret == NULL");
    return pfn;
  }
}
