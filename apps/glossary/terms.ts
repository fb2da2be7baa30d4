/**
 * The words of the field, each explained once: the laboratory shows them, and GLOSSARY.md is written from them. A place is
 * a line of drivers/xen/balloon.c at commit 1e1159bb97cf.
 */

/** The place in the driver. */
export interface Place {
  /** The function, or the variable, in which it is. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

export interface Term {
  /** The word, as the page and the driver write it. */
  readonly title: string;
  /** Other words for it on the page. */
  readonly also?: readonly string[];
  /** Its meaning in a sentence or two. */
  readonly text: string;
  /** Null where the driver only meets it: Xen or the kernel has it. */
  readonly place: Place | null;
}

const at = (name: string, line: number): Place => ({ name, line });

export const TERMS: readonly Term[] = [
  {
    title: "balloon",
    also: ["ballooned", "ballooned_pages"],
    text: "Pages that the driver has taken from its guest and whose frames it has given back to Xen. The kernel keeps them on a list, and cannot use them.",
    place: at("ballooned_pages", 99),
  },
  {
    title: "target",
    also: ["target_pages"],
    text: "The size that the guest is asked to have. Setting it makes the worker due; it moves no page itself.",
    place: at("balloon_set_new_target", 508),
  },
  {
    title: "current",
    also: ["current_pages"],
    text: "The size that the guest has, in pages, as the driver counts it: it goes down with each page that enters the balloon.",
    place: at("balloon_init", 643),
  },
  {
    title: "credit",
    text: "Pages still to move: the target less what the guest has. Above zero pages come out of the balloon, below zero they go in.",
    place: at("current_credit", 281),
  },
  {
    title: "worker",
    also: ["next run"],
    text: "The deferred work that moves pages, batch by batch, until the credit is zero or a batch fails.",
    place: at("balloon_process", 460),
  },
  {
    title: "batch",
    also: ["frameListCapacity"],
    text: "The pages that one hypercall moves: at most as many as frame_list has entries, 512 where a page is 4 KiB.",
    place: at("decrease_reservation", 398),
  },
  {
    title: "frame_list",
    text: "The array that the driver hands to Xen with each batch: frames or pages, one entry for each.",
    place: at("frame_list", 94),
  },
  {
    title: "reservation",
    text: "The frames that Xen has set aside for a guest. The driver raises and lowers its own with one memory_op a batch.",
    place: at("increase_reservation", 313),
  },
  {
    title: "extent",
    text: "What a reservation is counted in. The driver asks for extents of order 0: one page each.",
    place: at("increase_reservation", 315),
  },
  {
    title: "populate",
    also: ["populate_physmap"],
    text: "XENMEM_populate_physmap: Xen gives frames for the pages of frame_list. It may give fewer than asked for, and none on a full host.",
    place: at("increase_reservation", 343),
  },
  {
    title: "decrease",
    also: ["decrease_reservation"],
    text: "XENMEM_decrease_reservation: Xen takes the frames of frame_list back. It must take all of them, or the driver stops with a BUG_ON.",
    place: at("decrease_reservation", 446),
  },
  {
    title: "back-off",
    also: ["schedule_delay"],
    text: "After a batch that failed the worker waits, 2 s at first, then twice as long each time, up to max_schedule_delay (32 s). A batch that succeeds resets it to 1 s.",
    place: at("update_schedule", 193),
  },
  {
    title: "retry_count",
    also: ["tries"],
    text: "Tries of the worker without success, counted from 1. Beyond max_retry_count it gives up; 0 there is without limit.",
    place: at("update_schedule", 185),
  },
  {
    title: "scratch",
    also: ["scratch page"],
    text: "A page for each CPU, whose frame stands in for that of every page that the CPU puts into a pv guest's balloon, so that a stray access harms nobody.",
    place: at("balloon_scratch_page", 95),
  },
  {
    title: "lent",
    also: ["lent out"],
    text: "Pages taken out of the balloon for other drivers, which map foreign frames there. They are no memory of the guest.",
    place: at("alloc_xenballooned_pages", 523),
  },
  {
    title: "scrub",
    also: ["scrubbed"],
    text: "Clearing a page before its frame leaves the guest, so that the next owner cannot read it (CONFIG_XEN_SCRUB_PAGES).",
    place: at("scrub_page", 110),
  },
  {
    title: "extra",
    also: ["extraRegions", "extra region"],
    text: "Memory on the guest's map that has no frame at boot: the driver puts it into the balloon at once, so that the guest can grow into it.",
    place: at("balloon_init", 667),
  },
  {
    title: "low",
    also: ["balloon_low", "Normal"],
    text: "Memory that the kernel has mapped all the time. Its pages go in at the head of the list, and come out first.",
    place: at("__balloon_append", 125),
  },
  {
    title: "high",
    also: ["balloon_high", "HighMem"],
    text: "Memory that the kernel maps only while it uses it (32-bit). Its pages go in at the tail of the list, and no mapping of them changes.",
    place: at("__balloon_append", 121),
  },
  {
    title: "pv",
    text: "A paravirtualised guest: it knows the frames of its pages, keeps the P2M itself, and asks Xen for each mapping it changes.",
    place: at("decrease_reservation", 418),
  },
  {
    title: "hvm",
    text: "A guest in hardware virtualisation, auto-translated: it sees no frames, its frame_list holds PFNs, and Xen keeps the table.",
    place: at("decrease_reservation", 434),
  },
  {
    title: "PFN",
    text: "Page frame number: numbers a page of 4 KiB as the guest sees its memory, from 0.",
    place: at("increase_reservation", 351),
  },
  {
    title: "MFN",
    also: ["frame"],
    text: "Machine frame number: numbers a frame of 4 KiB of the host's memory. A page is the guest's, a frame the machine's.",
    place: at("decrease_reservation", 412),
  },
  {
    title: "P2M",
    text: "The table from a guest's pages to frames. A pv guest writes it: the entry of a ballooned page names the scratch page's frame.",
    place: at("increase_reservation", 353),
  },
  {
    title: "M2P",
    text: "The table from frames to pages. Xen writes it, and a pv guest reads it.",
    place: at("decrease_reservation", 433),
  },
  {
    title: "BUG_ON",
    also: ["BUG"],
    text: "The kernel's check of what cannot be. Where it fires the guest ends; the host and other guests go on.",
    place: at("decrease_reservation", 447),
  },
  {
    title: "host free",
    text: "Frames of the machine that nobody has. Without them a populate gets nothing, and the worker backs off.",
    place: at("increase_reservation", 344),
  },
  {
    title: "held by the domain",
    text: "Frames that Xen counts as this guest's (tot_pages). The driver never reads it: its own count may differ.",
    place: null,
  },
  {
    title: "free in the guest",
    also: ["free"],
    text: "Pages that nobody in the guest uses. Only these can enter the balloon; where there is none, the worker backs off.",
    place: at("decrease_reservation", 404),
  },
  {
    title: "in use",
    text: "Pages that the guest's kernel or its programs hold. The driver cannot take them.",
    place: null,
  },
  {
    title: "hole",
    text: "Page numbers without memory, for example below 4 GiB where devices lie.",
    place: null,
  },
  {
    title: "managed",
    text: "Pages that the kernel counts as its own. A page that enters the balloon is taken off the count.",
    place: at("balloon_append", 133),
  },
  {
    title: "hotplug",
    also: ["offline"],
    text: "Memory added above what the guest booted with, in whole sections. It is offline until someone brings it online; then it is in the balloon.",
    place: at("reserve_additional_memory", 227),
  },
  {
    title: "watermark",
    also: ["watermarkPages", "watermarkHighPages"],
    text: "Free pages that the kernel does not give away: with no more than these left, an allocation fails and the worker backs off.",
    place: at("decrease_reservation", 405),
  },
];
