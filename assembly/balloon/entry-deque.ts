/**
 * Pages in the order in which they were put in, as entries of one to three words that can be read from either end:
 *
 *            31 30 29        24 23                          0
 *   page    │ 0  0 │              pfn                        │
 *
 *   run     │ 0  1 │             start                       │    start, start + 1, … start + pages - 1
 *           │ 0  1 │             pages (2 or more)           │
 *
 *   mask    │ 1  0 │ bits 63, 62 at 25, 24 │ start / 64      │    start + b for every bit b of the mask, ascending,
 *           │        bits 31 … 0                             │    3 bits or more
 *           │ 1  0 │ bits 61 … 32                            │
 *
 * The first and the last word of an entry carry its kind, PFNs are below 2^30, and an entry that is cut is written
 * anew, so that no entry has more words than pages:
 *
 *   base <= bottom <= top <= end
 *   top - bottom <= 4 * pages        pages == pages of all entries from bottom to top
 *
 * Single pages that follow each other are read together: the words of the deque are their list.
 *
 * Pages are put in at the top and taken at both ends. What leaves at the bottom leaves a gap there: when the top meets
 * the end, everything moves down to the base. The slack of 1/32 keeps that below 32 words moved per word put in.
 */
import { Extent, isRun, lowestBits } from "../common/extent";
import { Pages, Pfn } from "../common/types";

const KIND: u32 = 0xc000_0000;
const RUN: u32 = 0x4000_0000;
const MASK: u32 = 0x8000_0000;
const NUMBER: u32 = 0x3fff_ffff;
const LARGEST_ENTRY: usize = 12;

@unmanaged
export class EntryDeque {
  base: usize;
  end: usize;
  bottom: usize;
  top: usize;
  pages: Pages;

  static bytesFor(pages: Pages): u64 {
    return ((<u64>pages + (pages >>> 5) + 18) << 2) & ~7;
  }

  /** An empty deque for so many pages over memory at `at`; returns the end of what it takes. */
  init(at: usize, pages: Pages): usize {
    this.base = at;
    this.end = at + <usize>EntryDeque.bytesFor(pages);
    this.clear();
    return this.end;
  }

  private clear(): void {
    this.bottom = this.base;
    this.top = this.base;
    this.pages = 0;
  }

  /** Puts one page in; it joins the entry before it where it follows it. */
  pushPage(pfn: Pfn): void {
    this.makeRoom();
    this.pages++;
    const top = this.top;
    if (top != this.bottom) {
      const last = load<u32>(top - 4);
      if (last + 1 == pfn) {
        store<u32>(top - 4, RUN | last);
        store<u32>(top, RUN | 2);
        this.top = top + 4;
        return;
      }
      if ((last & KIND) == RUN && (load<u32>(top - 8) & NUMBER) + (last & NUMBER) == pfn) {
        store<u32>(top - 4, last + 1);
        return;
      }
    }
    store<u32>(top, pfn);
    this.top = top + 4;
  }

  /** Puts start, start + 1, … in, in this order. */
  pushRun(start: Pfn, pages: Pages): void {
    this.pushPage(start);
    if (pages == 1) return;
    // the page just put in is the end of a run, or an entry of its own
    const last = load<u32>(this.top - 4);
    if ((last & KIND) == RUN) {
      store<u32>(this.top - 4, last + pages - 1);
    } else {
      store<u32>(this.top - 4, RUN | start);
      store<u32>(this.top, RUN | pages);
      this.top += 4;
    }
    this.pages += pages - 1;
  }

  /** Puts an extent in, lowest page first. */
  push(extent: Extent): void {
    assert(extent.list == 0, "entry-deque: a list is put in page by page");
    if (extent.masks == 0) this.pushRun(extent.start, extent.count);
    for (let i: u32 = 0; i < extent.masks; i++) {
      const start = extent.startOf(i);
      const mask = extent.maskOf(i);
      const pages = <u32>popcnt(mask);
      if (isRun(mask)) {
        this.pushRun(start + <u32>ctz(mask), pages);
      } else {
        this.makeRoom();
        this.top += writeMask(this.top, start, mask);
        this.pages += pages;
      }
    }
  }

  /** Takes the last pages, `max` at most, of the run at the top, or of the masks or single pages there. There is one. */
  takeTop(max: Pages, out: Extent): void {
    const at = this.top - readDown(this.top, this.bottom, max, out);
    if (out.count <= max) {
      this.top = at;
    } else if (out.masks == 0) {
      const left = out.count - max;
      this.top = at + writeRun(at, out.start, left);
      out.setRun(out.start + left, max);
    } else {
      // too many by some of the mask read last: its lowest pages stay
      const mask = out.maskOf(out.masks - 1);
      const left = lowestBits(mask, out.count - max);
      this.top = at + writeMask(at, out.startOf(out.masks - 1), left);
      out.cutLast(mask ^ left);
    }
    this.forget(out.count);
  }

  /** Takes the first pages, `max` at most, of the run at the bottom, or of the masks or single pages there. There is one. */
  takeBottom(max: Pages, out: Extent): void {
    const end = this.bottom + readUp(this.bottom, this.top, max, out);
    if (out.count <= max) {
      this.bottom = end;
    } else if (out.masks == 0) {
      const left = out.count - max;
      this.bottom = end - (left == 1 ? 4 : 8);
      writeRun(this.bottom, out.start + max, left);
      out.setRun(out.start, max);
    } else {
      // its highest pages stay
      const mask = out.maskOf(out.masks - 1);
      const pages = <u32>popcnt(mask);
      const taken = lowestBits(mask, pages - (out.count - max));
      this.bottom = end - (min(pages - <u32>popcnt(taken), 3) << 2);
      writeMask(this.bottom, out.startOf(out.masks - 1), mask ^ taken);
      out.cutLast(taken);
    }
    this.forget(out.count);
  }

  private forget(pages: Pages): void {
    this.pages -= pages;
    if (this.pages == 0) this.clear();
  }

  private makeRoom(): void {
    if (this.top + LARGEST_ENTRY <= this.end) return;
    const used = this.top - this.bottom;
    memory.copy(this.base, this.bottom, used);
    this.bottom = this.base;
    this.top = this.base + used;
    assert(this.top + LARGEST_ENTRY <= this.end, "entry-deque: more entries than pages");
  }
}

/**
 * Reads the run that ends at `top`, or up to `max` single pages there, or as many masks as hold `max` pages, if the
 * extent has room for them; returns their bytes.
 */
export function readDown(top: usize, bottom: usize, max: Pages, out: Extent): usize {
  const last = load<u32>(top - 4);
  const kind = last & KIND;
  let at = top - 4;
  if (kind == 0) {
    const end = max < <u32>((top - bottom) >>> 2) ? top - (max << 2) : bottom;
    while (at > end && (load<u32>(at - 4) & KIND) == 0) at -= 4;
    return setPages(out, at, top);
  }
  if (kind == RUN) {
    out.setRun(load<u32>(top - 8) & NUMBER, last & NUMBER);
    return 8;
  }
  out.setMasks();
  at = top;
  do {
    at -= 12;
    addMask(out, at);
  } while (out.count < max && !out.full && at > bottom && (load<u32>(at - 4) & KIND) == MASK);
  return top - at;
}

/** The same from `bottom` on. */
export function readUp(bottom: usize, top: usize, max: Pages, out: Extent): usize {
  const first = load<u32>(bottom);
  const kind = first & KIND;
  let at = bottom + 4;
  if (kind == 0) {
    const end = max < <u32>((top - bottom) >>> 2) ? bottom + (max << 2) : top;
    while (at < end && (load<u32>(at) & KIND) == 0) at += 4;
    return setPages(out, bottom, at);
  }
  if (kind == RUN) {
    out.setRun(first & NUMBER, load<u32>(bottom + 4) & NUMBER);
    return 8;
  }
  out.setMasks();
  at = bottom;
  do {
    addMask(out, at);
    at += 12;
  } while (out.count < max && !out.full && at < top && (load<u32>(at) & KIND) == MASK);
  return at - bottom;
}

/** The single pages from `from` up to `to`: one is a run of itself. */
function setPages(out: Extent, from: usize, to: usize): usize {
  const size = to - from;
  if (size == 4) out.setRun(load<u32>(from), 1);
  else out.setList(from, <u32>(size >>> 2));
  return size;
}

function addMask(out: Extent, at: usize): void {
  const first = load<u32>(at);
  const high = (load<u32>(at + 8) & NUMBER) | (((first >>> 24) & 3) << 30);
  out.addMask((first & 0xff_ffff) << 6, ((<u64>high) << 32) | load<u32>(at + 4));
}

/** Writes a run of 1 page or more; returns its bytes. */
function writeRun(at: usize, start: Pfn, pages: Pages): usize {
  if (pages == 1) {
    store<u32>(at, start);
    return 4;
  }
  store<u32>(at, RUN | start);
  store<u32>(at + 4, RUN | pages);
  return 8;
}

/** Writes a mask of 1 bit or more; returns its bytes: 4 a page up to 12. */
function writeMask(at: usize, start: Pfn, mask: u64): usize {
  const pages = <u32>popcnt(mask);
  if (pages < 3) {
    store<u32>(at, start + <u32>ctz(mask));
    if (pages == 2) store<u32>(at + 4, start + 63 - <u32>clz(mask));
    return pages << 2;
  }
  const high = <u32>(mask >> 32);
  store<u32>(at, MASK | ((high >>> 30) << 24) | (start >>> 6));
  store<u32>(at + 4, <u32>mask);
  store<u32>(at + 8, MASK | (high & NUMBER));
  return 12;
}
