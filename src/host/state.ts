/** The figures of a guest besides balloon_stats, each declared once, in the order of an account's table. */
import { type Generation, namesFor, type OfGeneration } from "./generation.js";
import type { GuestState } from "./stats-types.js";

/** A figure of a guest's state. */
export interface Figure extends OfGeneration {
  readonly unit: "pages" | "calls" | "a PFN";
  /** Its name in an account; null where an account leaves it out. */
  readonly title: string | null;
  /** Its meaning, in a sentence. */
  readonly sentence: string;
}

/** The figures by name. Both engines must know each. */
export const STATE: { readonly [Name in keyof GuestState]-?: Figure } = {
  creditPages: {
    unit: "pages",
    title: "credit",
    sentence: "Pages still to move (current_credit): positive out of the balloon, negative into it.",
  },
  freeNormalPages: {
    unit: "pages",
    title: "free, Normal",
    sentence: "Free pages of the Normal zone: low memory.",
  },
  freeHighPages: { unit: "pages", title: "free, HighMem", sentence: "Free pages of the HighMem zone." },
  availablePages: {
    unit: "pages",
    title: "available",
    generation: "modern",
    sentence:
      "The driver's estimate of the pages it may take (si_mem_available): the free ones less `totalReservePages`.",
  },
  managedPages: {
    unit: "pages",
    title: "managed",
    sentence: "Pages the kernel manages (adjust_managed_page_count).",
  },
  managedHighPages: { unit: "pages", title: "managed, HighMem", sentence: "Managed pages that are high memory." },
  offlinePages: {
    unit: "pages",
    title: "marked offline",
    generation: "modern",
    sentence: "Pages marked offline: those in the balloon, and added memory that is not online yet.",
  },
  maxPfn: { unit: "pages", title: "end of memory", sentence: "End of memory, in pages; hotplug raises it." },
  onlineFrom: {
    unit: "a PFN",
    title: null,
    sentence: "The first PFN of added memory that is not online yet; that memory ends at `maxPfn`.",
  },
  totPages: { unit: "pages", title: "held by the domain", sentence: "Frames the domain holds on the machine." },
  maxPages: { unit: "pages", title: "max_pages", sentence: "The most frames that populate lets the domain hold." },
  scrubbedPages: { unit: "pages", title: "scrubbed", sentence: "Pages cleared before they left the guest." },
  memoryOps: {
    unit: "calls",
    title: "memory_op",
    sentence: "Calls of memory_op: populate_physmap, decrease_reservation, and current_reservation.",
  },
  vaMappings: {
    unit: "calls",
    title: "update_va_mapping",
    sentence: "Calls of update_va_mapping, which only a pv guest makes.",
  },
  tlbFlushes: { unit: "calls", title: "flush_tlb_all", sentence: "Calls of flush_tlb_all." },
  kmapFlushes: { unit: "calls", title: null, sentence: "Calls of kmap_flush_unused." },
};

/** The names of the figures that a guest with a driver of this generation has, in order. */
export function stateNames(generation: Generation): readonly (keyof GuestState)[] {
  return namesFor(generation, STATE);
}
