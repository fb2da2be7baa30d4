/** balloon_scratch_page: a page per CPU to which a pv guest maps what is in the balloon. */
import { type Kernel, MAX_CPUS } from "../host/backend.js";
import { BalloonBug } from "../host/errors.js";
import { NO_PAGE, type PageAllocator } from "./page-allocator.js";

/** Scratch pages, none of them allocated yet (balloon_clear); the driver runs on CPU 0. */
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

  /** balloon_cpu_notify at CPU_UP_PREPARE: a page for a CPU that has none; false where there is no page to have. */
  prepare(cpu: number): boolean {
    if (this.#pfns[cpu] !== NO_PAGE) return true;
    this.#pfns[cpu] = this.#allocator.allocPage(false);
    if (this.#pfns[cpu] !== NO_PAGE) return true;
    this.#kernel.log(`xen:balloon: Failed to allocate balloon_scratch_page for cpu ${cpu}`);
    return false;
  }

  /** All there are, by CPU. */
  pfns(): number[] {
    return [...this.#pfns].filter((pfn) => pfn !== NO_PAGE);
  }

  /** get_balloon_scratch_page. */
  get(): number {
    const pfn = this.#pfns[this.cpu];
    if (pfn === NO_PAGE) throw new BalloonBug("ret == NULL");
    return pfn;
  }
}
