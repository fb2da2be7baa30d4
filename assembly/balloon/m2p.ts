/**
 * The machine-to-physical table, as far as it concerns this guest. Xen writes it for pv domains, and nothing else does:
 * the entry of a frame is the PFN of the page that is on it. The P2M says the same, so that no batch has to write M2P;
 * whoever asks pays for a scan of the P2M. In a batch of scattered pages, writing M2P took a third of the time.
 *
 * The entries of several pages may name one frame (shared-frames.ts); only one of them is on it. A frame that the domain
 * keeps although the driver gave it back, because of an injected fault, is not here: the host remembers it
 * (src/engine/domain.ts).
 */
import { Cpu, Mfn, Pages, Pfn } from "../common/types";
import { guest, p2m, WINDOW, WINDOW_CAPACITY } from "./layout";
import { INVALID_P2M_ENTRY, pfnToMfn } from "./p2m";
import { ownsFrame, scratchEnd, scratchPageOf } from "./shared-frames";

/**
 * Sets those of the M2P entries in the window to their PFNs that belong to frames of this guest. The window has the
 * entries of `count` frames from `mfn` on. O(pieces of the P2M), O(entries) where it is written out.
 */
export function readM2p(mfn: Mfn, count: Pages): void {
  for (let pfn: Pfn = 0; pfn < guest.maxPfn; ) {
    const pages = p2m.pieceFrom(pfn, guest.maxPfn - pfn);
    if (p2m.written) readWritten(mfn, count, pfn, pages);
    else if (p2m.step != 0) readRun(mfn, count, pfn, pages);
    pfn += pages;
  }
  // other pages name these frames, too
  for (let cpu: Cpu = 0; cpu < scratchEnd; cpu++) {
    const page = scratchPageOf(cpu);
    if (page >= 0 && pfnToMfn(page) - mfn < count) store<u32>(WINDOW + ((pfnToMfn(page) - mfn) << 2), page);
  }
}

/** Does so for a piece that p2m.pieceFrom has just found, which ascends or descends. */
function readRun(mfn: Mfn, count: Pages, pfn: Pfn, pages: Pages): void {
  const lowest = p2m.least(pages);
  const end = min(<u64>lowest + pages, <u64>mfn + count);
  for (let at: u64 = max(lowest, mfn); at < end; at++) {
    const page = p2m.step > 0 ? pfn + (<u32>at - p2m.first) : pfn + (p2m.first - <u32>at);
    store<u32>(WINDOW + ((<u32>at - mfn) << 2), page);
  }
}

/** Does so for pages whose entries are written out: passes over four at a time if none of them is asked for. */
function readWritten(mfn: Mfn, count: Pages, pfn: Pfn, pages: Pages): void {
  const first = i32x4.splat(~mfn);
  const counts = i32x4.splat(count);
  const start = p2m.at(pfn);
  const end = start + (pages << 2);
  for (let at = start; at < end; ) {
    // ~mfn - ~entry is entry - mfn
    if (at + 16 <= end && !v128.any_true(i32x4.lt_u(i32x4.sub(first, v128.load(at)), counts))) {
      at += 16;
      continue;
    }
    for (const stop = min(at + 16, end); at < stop; at += 4) {
      const place = ~load<u32>(at) - mfn;
      if (place < count) store<u32>(WINDOW + (place << 2), pfn + <u32>((at - start) >>> 2));
    }
  }
}

/** The page from which the walk over the guest's frames goes on. */
let next: Pfn = 0;

/** Starts a walk over the frames that pages of the guest are on. */
export function framesRewind(): void {
  next = 0;
}

/**
 * Writes the next frames of the walk to the window, as runs: the lowest frame and the number of frames of each. Returns
 * the number of runs; 0 at the end.
 */
export function framesNext(): u32 {
  let runs: u32 = 0;
  while (next < guest.maxPfn && runs < WINDOW_CAPACITY >>> 1) {
    const pages = p2m.pieceFrom(next, guest.maxPfn - next);
    const at = WINDOW + (runs << 3);
    if (p2m.written) {
      const mfn = pfnToMfn(next);
      if (mfn != INVALID_P2M_ENTRY && ownsFrame(next, mfn)) {
        store<u32>(at, mfn);
        store<u32>(at, 1, 4);
        runs++;
      }
      next++;
    } else {
      if (p2m.step != 0) {
        store<u32>(at, p2m.least(pages));
        store<u32>(at, pages, 4);
        runs++;
      }
      next += pages;
    }
  }
  return runs;
}
