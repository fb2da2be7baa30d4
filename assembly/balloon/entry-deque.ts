/**
 * A deque of pages, in the order in which they were put in. It is an array of entries that can be read from either end;
 * an entry takes one to three u32:
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
 * The first and the last u32 of an entry carry its kind; the PFNs must be below 2^30. An entry that is cut is written
 * anew in its shortest form, so that no entry takes more u32 than it holds pages. Invariants:
 *
 *   base <= bottom <= top <= end
 *   top - bottom <= 4 * pages        pages == the pages of all entries from bottom to top
 *
 * Page entries that stand side by side are read together: their part of the deque is the list of an extent.
 *
 * Pages are put in at the top and taken at both ends. A page taken at the bottom leaves a gap there. When the top meets
 * the end, the entries move down to the base. The deque has 1/32 more room than its pages need, which keeps the cost
 * below 32 u32 moved for each u32 put in. To put in or take an entry is O(1) otherwise.
 */
import { Extent, isRun, lowestBits, MASKS_MAX } from "../common/extent";
import { Pages, Pfn } from "../common/types";

const KIND: u32 = 0xc000_0000;
const RUN: u32 = 0x4000_0000;
const MASK: u32 = 0x8000_0000;
const NUMBER: u32 = 0x3fff_ffff;
const LARGEST_ENTRY: u32 = 12;
/** Bytes that must be left at the top before anything is put in: an extent of masks is put in without another look. */
const ROOM: u32 = MASKS_MAX * LARGEST_ENTRY;

@unmanaged
export class EntryDeque {
  base: usize;
  end: usize;
  bottom: usize;
  top: usize;
  pages: Pages;

  /** Returns the bytes that a deque for at most `pages` pages takes, a multiple of 8. */
  static bytesFor(pages: Pages): u64 {
    return (((<u64>pages + (pages >>> 5)) << 2) + ROOM + 7) & ~7;
  }

  /** Makes the deque empty, in memory at `at`, for at most `pages` pages; returns the address after that memory. */
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

  /** Puts a page in at the top. If its PFN follows the page or run there, it joins that into a run. */
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

  /** Puts start, start + 1, … in at the top, in this order; `pages` is at least 1. */
  pushRun(start: Pfn, pages: Pages): void {
    this.pushPage(start);
    if (pages == 1) return;
    // the page just put in ends a run, or is an entry of its own
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

  /** Puts the pages of a run or of masks in at the top, in the extent's order. The extent must not be a list. */
  push(extent: Extent): void {
    assert(extent.list == 0, "entry-deque: a list is put in page by page");
    if (extent.masks == 0) {
      this.pushRun(extent.start, extent.count);
      return;
    }
    this.makeRoom();
    let top = this.top;
    for (let i: u32 = 0; i < extent.masks; i++) {
      const start = extent.startOf(i);
      const mask = extent.maskOf(i);
      if (isRun(mask)) {
        const pages = <u32>popcnt(mask);
        this.top = top;
        this.pushRun(start + <u32>ctz(mask), pages);
        this.pages -= pages;
        top = this.top;
      } else {
        top += writeMask(top, start, mask);
      }
    }
    this.top = top;
    this.pages += extent.count;
  }

  /**
   * Takes the last pages, at most `max`, of the run at the top, or of the masks or the single pages there, into `out`;
   * masks come topmost first. The caller sees to it that the deque is not empty.
   */
  takeTop(max: Pages, out: Extent): void {
    const at = this.top - readDown(this.top, this.bottom, max, out);
    if (out.count <= max) {
      this.top = at;
    } else if (out.masks == 0) {
      const left = out.count - max;
      this.top = at + writeRun(at, out.start, left);
      out.setRun(out.start + left, max);
    } else {
      // the mask that was read last has more pages than are wanted: its lowest pages stay
      const mask = out.maskOf(out.masks - 1);
      const left = lowestBits(mask, out.count - max);
      this.top = at + writeMask(at, out.startOf(out.masks - 1), left);
      out.cutLast(mask ^ left);
    }
    this.forget(out.count);
  }

  /**
   * Takes the first pages, at most `max`, of the run at the bottom, or of the masks or the single pages there, into
   * `out`. The caller sees to it that the deque is not empty.
   */
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
      // the mask that was read last has more pages than are wanted: its highest pages stay
      const mask = out.maskOf(out.masks - 1);
      const pages = <u32>popcnt(mask);
      const taken = lowestBits(mask, pages - (out.count - max));
      this.bottom = end - (min(pages - <u32>popcnt(taken), 3) << 2);
      writeMask(this.bottom, out.startOf(out.masks - 1), mask ^ taken);
      out.cutLast(taken);
    }
    this.forget(out.count);
  }

  /** Returns the length of the run at the top; 0 if there is no run. */
  runAtTop(): Pages {
    if (this.pages == 0) return 0;
    const last = load<u32>(this.top - 4);
    return (last & KIND) == RUN ? last & NUMBER : 0;
  }

  /** Returns the length of the run at the bottom; 0 if there is no run. */
  runAtBottom(): Pages {
    if (this.pages == 0 || (load<u32>(this.bottom) & KIND) != RUN) return 0;
    return load<u32>(this.bottom + 4) & NUMBER;
  }

  /** Returns the last page of the run at the top. */
  lastPage(): Pfn {
    return (load<u32>(this.top - 8) & NUMBER) + this.runAtTop() - 1;
  }

  /** Returns the first page of the run at the bottom. */
  firstPage(): Pfn {
    return load<u32>(this.bottom) & NUMBER;
  }

  /** Counts `pages` pages as taken. An empty deque begins at its base again. */
  private forget(pages: Pages): void {
    this.pages -= pages;
    if (this.pages == 0) this.clear();
  }

  /** Makes room at the top: moves all entries down to the base if there is none. */
  private makeRoom(): void {
    if (this.top + ROOM <= this.end) return;
    const used = this.top - this.bottom;
    memory.copy(this.base, this.bottom, used);
    this.bottom = this.base;
    this.top = this.base + used;
    assert(this.top + ROOM <= this.end, "entry-deque: more entries than pages");
  }
}

/**
 * Reads the entries that end at `top` into `out`, and returns the bytes that they take. It reads one run, which may be
 * longer than `max`; or up to `max` single pages, as a list in the deque's order; or masks, topmost first, until they
 * hold `max` pages or the extent is full. It stops before an entry of another kind. There is an entry between `bottom`
 * and `top`.
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

/** Reads the entries that begin at `bottom`, likewise; masks come lowest first. */
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

/**
 * Sets the extent to the page entries from `from` up to `to`: to a run if there is one, to a list if there are more.
 */
function setPages(out: Extent, from: usize, to: usize): usize {
  const size = to - from;
  if (size == 4) out.setRun(load<u32>(from), 1);
  else out.setList(from, <u32>(size >>> 2));
  return size;
}

/** Adds the mask entry at `at` to the extent. */
function addMask(out: Extent, at: usize): void {
  const first = load<u32>(at);
  const high = (load<u32>(at + 8) & NUMBER) | (((first >>> 24) & 3) << 30);
  out.addMask((first & 0xff_ffff) << 6, ((<u64>high) << 32) | load<u32>(at + 4));
}

/** Writes a run of 1 page or more in its shortest form; returns the bytes that it takes. */
function writeRun(at: usize, start: Pfn, pages: Pages): usize {
  if (pages == 1) {
    store<u32>(at, start);
    return 4;
  }
  store<u32>(at, RUN | start);
  store<u32>(at + 4, RUN | pages);
  return 8;
}

/** Writes a mask of 1 bit or more in its shortest form; returns the bytes that it takes: 4 a page, at most 12. */
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
