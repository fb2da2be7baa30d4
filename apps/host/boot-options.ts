/** The options of a guest's boot from its boot log, which must not contradict its size and type. */

import type { Generation } from "xen-balloon/core";
import type { HostGuest } from "xen-balloon/toolstack";
import { readBootLog } from "../bootlog/read.js";
import { missingLine } from "../bootlog/show.js";
import { PAGE_KIB, sizeOf } from "./quantity.js";

/** A boot log that was read. */
export interface BootOfGuest {
  readonly type: "pv" | "hvm";
  /** Undefined where no line tells it. */
  readonly driver: Generation | "between" | undefined;
  readonly options: NonNullable<HostGuest["boot"]>;
  /** Pages in use at boot, of a pv guest; pages that the map has, of another. */
  readonly pages: number;
}

/** Entries of a 32-bit kernel's frame_list: a page of unsigned longs. */
const FRAME_LIST_32_BIT = 1024;
/** Memory that firmware, hvmloader and Xen keep for themselves below what a guest's map has, in KiB, and some more. */
const KEPT_KIB = 65_536;
/** The differences that toolstacks make between a pv guest's size and its memory, in KiB. */
const SLACK_KIB = 1024;

/**
 * @param pages - the guest's pages at its start, which many logs do not tell.
 * @throws Error: the log cannot be read, or a figure is missing
 */
export function readBoot(log: Uint8Array, pages: number): BootOfGuest {
  const logged = readBootLog(log);
  const layout = logged.missing.some(({ key }) => key === "nr_pages") ? readBootLog(log, { nrPages: pages }) : logged;
  const { kernel, nrPages, released, maxPfn, memory, highmemStart, holes, extraRegions, missing } = layout;
  if (missing.length > 0) throw new Error(missingLine(missing[0]));
  const type = kernel.domain.value;
  return {
    type,
    driver: layout.driver?.generation,
    pages: (type === "pv" ? nrPages : memory.ramPages)?.value ?? 0,
    options: {
      maxPfn: maxPfn?.value ?? 0,
      ...(nrPages !== undefined && { nrPages: nrPages.value }),
      ...(released !== undefined && { releasedPages: released.value }),
      ...(highmemStart !== undefined && Number.isFinite(highmemStart.value) && { highmemStart: highmemStart.value }),
      ...(layout.is32Bit && { frameListCapacity: FRAME_LIST_32_BIT }),
      ...(holes !== undefined && { holes }),
      ...(extraRegions !== undefined && { extraRegions }),
    },
  };
}

/**
 * Finds the contradiction of a boot log and a guest's sizes, in words; null where there is none.
 *
 * @param guest - sizes in KiB, video memory included.
 */
export function sizeProblem(
  { type, pages }: BootOfGuest,
  guest: Pick<HostGuest, "memoryKib" | "maximumKib" | "videoramKib">,
): string | null {
  const { memoryKib, maximumKib, videoramKib = 0 } = guest;
  const loggedKib = pages * PAGE_KIB;
  if (type === "pv") {
    const differs = Math.abs(loggedKib - (memoryKib - videoramKib)) > SLACK_KIB;
    return differs
      ? `it is of a guest that started with ${sizeOf(loggedKib)}, and memory is ${sizeOf(memoryKib)}`
      : null;
  }
  const least = maximumKib - videoramKib - KEPT_KIB;
  const fits = loggedKib <= maximumKib && loggedKib >= least;
  return fits ? null : `it is of a guest whose map has ${sizeOf(loggedKib)}, and maximum is ${sizeOf(maximumKib)}`;
}
