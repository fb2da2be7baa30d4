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
 *   batches │ 1  1 │             start                       │    start, start + 1, … start + pages - 1 in batches of
 *           │ 1  1 │             pages (2 or more)           │    batchPages, the last of which may have fewer: the
 *                                                                  batches ascend, and the pages of each descend
 *
 * A generation whose driver puts a batch in last page first (BATCHES_REVERSED, a constant of the build) has entries of the
 * last kind, and the bits of its masks descend. Another has none, and the code for them is not in its file.
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
const BATCHES: u32 = 0xc000_0000;
const NUMBER: u32 = 0x3fff_ffff;
/** The bytes by which a cut batch may grow beyond its entry, at either end: the rest of it gets an entry of its own. */
const CUT_ROOM: u32 = BATCHES_REVERSED ? 8 : 0;
/** Bytes that are left at the top before anything is put in: an extent of masks, 12 bytes each, needs no other look. */
const ROOM: u32 = 12 * MASKS_MAX + CUT_ROOM;

@unmanaged
export class EntryDeque {
  base: usize;
  end: usize;
  bottom: usize;
  top: usize;
  pages: Pages;
  /** The pages of a whole batch, where batches are reversed. */
  batchPages: Pages;
  /** The top at which the batch began that is being put in; 0 between batches. */
  private mark: usize;
  /** The batches that batchesAtTop found: the topmost has so many pages and ends before that one, the next before this. */
  topmost: Pages;
  topmostEnd: Pfn;
  nextEnd: Pfn;

  /** Returns the bytes that a deque for at most `pages` pages takes, a multiple of 8. */
  static bytesFor(pages: Pages): u64 {
    return (((<u64>pages + (pages >>> 5)) << 2) + CUT_ROOM + ROOM + 7) & ~7;
  }

  /** Makes the deque empty, in memory at `at`, for at most `pages` pages; returns the address after that memory. */
  init(at: usize, pages: Pages): usize {
    this.base = at;
    this.end = at + <usize>EntryDeque.bytesFor(pages);
    this.clear();
    return this.end;
  }

  private clear(): void {
    this.bottom = this.base + CUT_ROOM;
    this.top = this.bottom;
    this.pages = 0;
  }

  /** Puts a page in at the top. If its PFN follows the page or run there, it joins that into a run. */
  pushPage(pfn: Pfn): void {
    this.makeRoom();
    this.pages++;
    const top = this.top;
    if (top != this.bottom && !(BATCHES_REVERSED && top == this.mark)) {
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
   * masks come topmost first. Of batches it takes the topmost, or the first pages that leave it. The caller sees to it that
   * the deque is not empty.
   */
  takeTop(max: Pages, out: Extent): void {
    if (BATCHES_REVERSED && this.topIsBatches) {
      this.takeTopBatch(max, out);
      return;
    }
    const at = this.top - readDown(this.top, this.bottom, max, out);
    if (out.count <= max) {
      this.top = at;
    } else if (out.masks == 0) {
      const left = out.count - max;
      this.top = at + writeRun(at, out.start, left);
      out.setRun(out.start + left, max);
    } else {
      // the mask that was read last has more pages than are wanted: those of it that were put in first stay
      const last = out.masks - 1;
      const left = firstIn(out.maskOf(last), out.count - max);
      this.top = at + writeMaskLeft(at, out.startOf(last), left);
      out.cutLast(out.maskOf(last) ^ left);
    }
    this.forget(out.count);
  }

  /**
   * Takes the first pages, at most `max`, of the run at the bottom, or of the masks or the single pages there, into
   * `out`; of batches likewise those of the first one. The caller sees to it that the deque is not empty.
   */
  takeBottom(max: Pages, out: Extent): void {
    if (BATCHES_REVERSED && this.bottomIsBatches) {
      this.takeBottomBatch(max, out);
      return;
    }
    const end = this.bottom + readUp(this.bottom, this.top, max, out);
    if (out.count <= max) {
      this.bottom = end;
    } else if (out.masks == 0) {
      const left = out.count - max;
      this.bottom = end - (left == 1 ? 4 : 8);
      writeRun(this.bottom, out.start + max, left);
      out.setRun(out.start, max);
    } else {
      // the mask that was read last has more pages than are wanted: those of it that were put in last stay
      const last = out.masks - 1;
      const mask = out.maskOf(last);
      const pages = <u32>popcnt(mask);
      const taken = firstIn(mask, pages - (out.count - max));
      this.bottom = end - (min(pages - <u32>popcnt(taken), 3) << 2);
      writeMaskLeft(this.bottom, out.startOf(last), mask ^ taken);
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

  /** Returns how many pages the bottommost of the batches at the bottom has. */
  bottomBatch(): Pages {
    return min(load<u32>(this.bottom + 4) & NUMBER, this.batchPages);
  }

  /** Returns the last page of the run at the top. */
  lastPage(): Pfn {
    return (load<u32>(this.top - 8) & NUMBER) + this.runAtTop() - 1;
  }

  /** Returns the first page of the run at the bottom. */
  firstPage(): Pfn {
    return load<u32>(this.bottom) & NUMBER;
  }

  /** Puts a whole batch in at the top, last page first. The extent must not be a list. */
  pushBatch(extent: Extent): void {
    if (extent.masks == 0) {
      this.pushBatches(extent.start, extent.count);
      return;
    }
    this.makeRoom();
    let top = this.top;
    const before = this.pages;
    for (let i = extent.masks; i > 0; ) {
      i--;
      const start = extent.startOf(i);
      const mask = extent.maskOf(i);
      if (isRun(mask)) {
        this.top = top;
        this.pushBatches(start + <u32>ctz(mask), <u32>popcnt(mask));
        top = this.top;
      } else {
        top += inOrder(top, writeMask(top, start, mask));
      }
    }
    this.top = top;
    this.pages = before + extent.count;
  }

  /**
   * Begins a batch of several extents, at most `pages` pages, which is not 0: what is put in from here on, in ascending
   * order, endBatch turns round.
   */
  beginBatch(pages: Pages): void {
    if (this.top + (pages << 2) + ROOM > this.end) this.moveDown();
    this.mark = this.top;
  }

  /** Ends the batch: its last page was put in first. `spare` is memory for as many u32 as the batch has pages. */
  endBatch(spare: usize): void {
    const mark = this.mark;
    const size = this.top - mark;
    this.mark = 0;
    if (size == 8 && (load<u32>(mark) & KIND) == RUN) {
      // the usual case, a run
      const pages = load<u32>(mark + 4) & NUMBER;
      this.top = mark;
      this.pages -= pages;
      this.pushBatches(load<u32>(mark) & NUMBER, pages);
      return;
    }
    memory.copy(spare, mark, size);
    let to = mark;
    for (let from = spare + size; from > spare; ) {
      const last = load<u32>(from - 4);
      const kind = last & KIND;
      if (kind == 0) {
        store<u32>(to, last);
        from -= 4;
        to += 4;
      } else if (kind == RUN) {
        store<u32>(to, load<u32>(from - 8) | BATCHES);
        store<u32>(to, last | BATCHES, 4);
        from -= 8;
        to += 8;
      } else {
        store<u64>(to, load<u64>(from - 12));
        store<u32>(to, last, 8);
        from -= 12;
        to += 12;
      }
    }
  }

  /**
   * Puts start, start + 1, … in at the top as batches: as many whole batches as there are, and the rest. If the batches
   * there are whole and end just before `start`, these go on with them. `pages` is at least 1.
   */
  pushBatches(start: Pfn, pages: Pages): void {
    if (pages == 1 || this.batchPages == 1) {
      this.pushRun(start, pages);
      return;
    }
    this.makeRoom();
    this.pages += pages;
    const top = this.top;
    if (top != this.bottom) {
      const last = load<u32>(top - 4);
      const before = last & NUMBER;
      if (areBatches(last) && (load<u32>(top - 8) & NUMBER) + before == start && before % this.batchPages == 0) {
        store<u32>(top - 4, last + pages);
        return;
      }
    }
    store<u32>(top, BATCHES | start);
    store<u32>(top, BATCHES | pages, 4);
    this.top = top + 8;
  }

  /**
   * Returns how many pages leave in ascending order next, batch after batch: those of the batches at the top. What is left of
   * a batch that was cut goes on with the whole batches below it. Sets `topmost`, `topmostEnd` and `nextEnd`; the batches
   * after the next one end where the one before begins. There are batches at the top.
   */
  batchesAtTop(): Pages {
    const top = this.top;
    const batch = this.batchPages;
    const pages = load<u32>(top - 4) & NUMBER;
    this.topmost = ((pages - 1) % batch) + 1;
    this.topmostEnd = (load<u32>(top - 8) & NUMBER) + pages;
    this.nextEnd = this.topmostEnd - this.topmost;
    if (pages > batch || top - 8 == this.bottom || !areBatches(load<u32>(top - 12))) return pages;
    const below = load<u32>(top - 12) & NUMBER;
    if (below % batch != 0) return pages;
    this.nextEnd = (load<u32>(top - 16) & NUMBER) + below;
    return pages + below;
  }

  /** Takes up to `max` pages of the batches at the top, whole batches and as a run, or else the first of the topmost. */
  takeBatches(max: Pages, out: Extent): void {
    const batch = this.batchPages;
    const start = load<u32>(this.top - 8) & NUMBER;
    const pages = load<u32>(this.top - 4) & NUMBER;
    const topmost = ((pages - 1) % batch) + 1;
    if (max < topmost) {
      this.takeTopBatch(max, out);
      return;
    }
    const taken = min(topmost + ((max - topmost) / batch) * batch, pages);
    out.setRun(start + pages - taken, taken);
    if (taken == pages) this.top -= 8;
    else store<u32>(this.top - 4, BATCHES | (pages - taken));
    this.forget(taken);
  }

  /** True if there are batches at the top, or at the bottom. The deque is not empty. */
  get topIsBatches(): bool {
    return areBatches(load<u32>(this.top - 4));
  }

  get bottomIsBatches(): bool {
    return areBatches(load<u32>(this.bottom));
  }

  /** Takes the first pages that leave, at most `max`, of the topmost batch: its lowest, in ascending order. */
  private takeTopBatch(max: Pages, out: Extent): void {
    // the rest of the batch may need an entry more
    if (this.top + CUT_ROOM > this.end) this.moveDown();
    const at = this.top - 8;
    const start = load<u32>(at) & NUMBER;
    const pages = load<u32>(at + 4) & NUMBER;
    const topmost = ((pages - 1) % this.batchPages) + 1;
    const first = start + pages - topmost;
    const taken = min(topmost, max);
    this.top = at + writeBatches(at, start, pages - topmost);
    this.top += writeBatches(this.top, first + taken, topmost - taken);
    out.setRun(first, taken);
    this.forget(taken);
  }

  /** Takes the first pages that leave, at most `max`, of the bottommost batch: its highest, in descending order. */
  private takeBottomBatch(max: Pages, out: Extent): void {
    const end = this.bottom + 8;
    const start = load<u32>(this.bottom) & NUMBER;
    const pages = load<u32>(this.bottom + 4) & NUMBER;
    const bottommost = min(pages, this.batchPages);
    const taken = min(bottommost, max);
    const left = bottommost - taken;
    const above = pages - bottommost;
    this.bottom = end - sizeOfBatches(above) - sizeOfBatches(left);
    writeBatches(this.bottom + writeBatches(this.bottom, start, left), start + bottommost, above);
    out.setRun(start + left, taken);
    this.forget(taken);
  }

  /** Counts `pages` pages as taken. An empty deque begins at its base again. */
  private forget(pages: Pages): void {
    this.pages -= pages;
    if (this.pages == 0) this.clear();
  }

  /** Makes room at the top: moves all entries down to the base if there is none. */
  private makeRoom(): void {
    if (this.top + ROOM <= this.end) return;
    this.moveDown();
    assert(this.top + ROOM <= this.end, "entry-deque: more entries than pages");
  }

  private moveDown(): void {
    const used = this.top - this.bottom;
    memory.copy(this.base + CUT_ROOM, this.bottom, used);
    this.bottom = this.base + CUT_ROOM;
    this.top = this.bottom + used;
  }
}

/** True if the first or the last u32 of an entry says that it holds batches. */
export function areBatches(word: u32): bool {
  return (word & KIND) == BATCHES;
}

/** Returns the `count` pages of a mask that were put in first. */
function firstIn(mask: u64, count: u32): u64 {
  return BATCHES_REVERSED ? mask ^ lowestBits(mask, <u32>popcnt(mask) - count) : lowestBits(mask, count);
}

/**
 * Reads the entries that end at `top` into `out`, and returns the bytes that they take. It reads one run, which may be
 * longer than `max`, and batches like a run; or up to `max` single pages, as a list in the deque's order; or masks, topmost first, until they
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
  if ((kind & RUN) != 0) {
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
  if ((kind & RUN) != 0) {
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

/** Writes batches of 0 pages or more in their shortest form; returns the bytes that they take. */
function writeBatches(at: usize, start: Pfn, pages: Pages): usize {
  if (pages == 1) {
    store<u32>(at, start);
  } else if (pages != 0) {
    store<u32>(at, BATCHES | start);
    store<u32>(at, BATCHES | pages, 4);
  }
  return sizeOfBatches(pages);
}

function sizeOfBatches(pages: Pages): usize {
  return min(pages, 2) << 2;
}

/** Writes what is left of a mask entry, 1 bit or more, in its shortest form; returns the bytes that it takes. */
function writeMaskLeft(at: usize, start: Pfn, mask: u64): usize {
  return inOrder(at, writeMask(at, start, mask));
}

/**
 * Puts the two pages that a mask of 2 bits was written as into the order of a mask's bits, which descend where batches are
 * reversed; returns `size`, the bytes of what was written.
 */
function inOrder(at: usize, size: usize): usize {
  if (BATCHES_REVERSED && size == 8) store<u64>(at, rotl(load<u64>(at), 32));
  return size;
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
