/** Looks at a page and its neighbours: how far its state goes, and how far their frames follow each other. */
import { INVALID_ENTRY, type PageState, type WorldGuest } from "xen-balloon/core";
import type { FrameRun, PageDetail } from "./messages.js";

/** So many P2M entries are looked at on each side, those of 4 GiB: with more, a pointer that moves would hold up the guest. */
const MOST_ENTRIES = 2 ** 20;
/** Entries that are read at once. */
const PIECE_ENTRIES = 2 ** 14;

/** @param pfn - a page of the guest, which must live. */
export function lookAround(guest: WorldGuest, pfn: number): PageDetail {
  const { pfnLimit, domain } = guest.config;
  const { counts } = guest.census({ pfn, pages: 1, cellPages: 1 });
  const [state] = Object.entries(counts).find(([, pages]) => pages[0] === 1) as [PageState, Uint32Array];
  const sameState = (first: number, pages: number): boolean =>
    guest.census({ pfn: first, pages, cellPages: pages }).counts[state][0] === pages;
  const behind = reach(pfn, (from, pages) => sameState(pfn - from - pages, pages));
  const ahead = reach(pfnLimit - pfn, (from, pages) => sameState(pfn + from, pages));
  const run = { first: pfn - behind, last: pfn + ahead - 1 };
  const mfn = entryOf(guest, pfn);
  return {
    pfn,
    state,
    table: domain === "pv" ? "P2M" : "physmap",
    mfn: mfn === INVALID_ENTRY ? null : mfn,
    scratchPfn: scratchOf(guest, pfn, mfn),
    ...run,
    frames: framesAround(guest, pfn, mfn, run),
  };
}

/**
 * How many of the next `most` pages `all` is true for, without a break: it doubles its steps, then halves them.
 *
 * @param all - whether it is true for so many pages from the one with this number on.
 */
function reach(most: number, all: (from: number, pages: number) => boolean): number {
  let done = 0;
  let step = 1;
  for (; done < most && all(done, Math.min(step, most - done)); step *= 2) done += Math.min(step, most - done);
  for (step /= 2; step >= 1; step /= 2) if (done + step <= most && all(done, step)) done += step;
  return done;
}

function entryOf(guest: WorldGuest, pfn: number): number {
  const entry = new Uint32Array(1);
  guest.backend.readP2m(pfn, entry);
  return entry[0];
}

/** The scratch page whose frame the entry of another page names; null: it names none. */
function scratchOf({ backend, config }: WorldGuest, pfn: number, mfn: number): number | null {
  if (backend.driver.generation !== "2013" || config.domain !== "pv") return null;
  const entry = new Uint32Array(1);
  for (const scratch of backend.driver.scratchPages()) {
    backend.readP2m(scratch, entry);
    if (scratch !== pfn && entry[0] === mfn) return scratch;
  }
  return null;
}

/** The pages of the run around `pfn` whose entries go on in one step; null: those of its neighbours do not. */
function framesAround(
  guest: WorldGuest,
  pfn: number,
  mfn: number,
  { first, last }: { readonly first: number; readonly last: number },
): FrameRun | null {
  const step =
    (pfn < last ? stepBetween(mfn, entryOf(guest, pfn + 1)) : null) ??
    (pfn > first ? stepBetween(entryOf(guest, pfn - 1), mfn) : null);
  if (step === null) return null;
  const back = follow(guest, pfn, mfn, step, Math.max(first - pfn, -MOST_ENTRIES));
  const on = follow(guest, pfn, mfn, step, Math.min(last - pfn, MOST_ENTRIES));
  return {
    first: pfn - back,
    last: pfn + on,
    firstMfn: mfn - step * back,
    step,
    further: back === MOST_ENTRIES || on === MOST_ENTRIES,
  };
}

function stepBetween(mfn: number, next: number): FrameRun["step"] | null {
  if ((mfn === INVALID_ENTRY) !== (next === INVALID_ENTRY)) return null;
  const step = next - mfn;
  return step === 0 || step === 1 || step === -1 ? step : null;
}

/** How many entries beside that of `pfn` go on in this step: of `pages` behind it, or before it where that is negative. */
function follow({ backend }: WorldGuest, pfn: number, mfn: number, step: number, pages: number): number {
  const side = Math.sign(pages);
  const most = Math.abs(pages);
  const entries = new Uint32Array(Math.min(PIECE_ENTRIES, most));
  for (let done = 0; done < most; done += entries.length) {
    const piece = entries.subarray(0, Math.min(entries.length, most - done));
    backend.readP2m(side > 0 ? pfn + done + 1 : pfn - done - piece.length, piece);
    if (side < 0) piece.reverse();
    for (let at = 0; at < piece.length; at++) if (piece[at] !== mfn + side * step * (done + at + 1)) return done + at;
  }
  return most;
}
