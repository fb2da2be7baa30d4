/**
 * Names for the numbers that stand for memory, so that a signature says which number is which. To the compiler each is
 * the plain integer. Lists, sets and tables of common/ hold numbers of any kind: u32 there.
 */

/** The number of a page of the guest, or the end of a range of them. */
export type Pfn = u32;

/** The number of a frame of the machine, or the end of a range of them. */
export type Mfn = u32;

/** The number by which a hypercall names a page of an auto-translated domain: the guest's PFN. */
export type Gfn = u32;

/** A number of pages, or of frames: a frame holds one page. */
export type Pages = u32;

/** A number of pages in the driver's own arithmetic, which is unsigned long in the kernel: 64 bit, and it wraps. */
export type LongPages = u64;

/** The number of a domain: its slot in the machine. */
export type DomainId = u32;

/** The number of a CPU of the guest. */
export type Cpu = u32;
