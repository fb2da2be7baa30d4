/**
 * An extent holds some numbers, PFNs or MFNs, in one of three forms:
 *
 *   run     masks == 0 and list == 0: the numbers start, start + 1, … start + count - 1
 *   masks   masks > 0: for each mask, the number startOf + b for every bit b that is set in maskOf
 *   list    list != 0: the `count` u32 entries from address `list` on, in any order; the extent does not own them
 *
 *     0       4       8       12      16       24           28      32
 *   │ start │ count │ masks │ list  │ mask 0 │ start of 0 │       │ mask 1 │ …
 *
 * A mask is a 64-bit word of a bitmap: it is never 0, and its start is a multiple of 64. A NumberSet gives masks in
 * ascending order; an EntryDeque gives them in its own order, beginning at the end that was read.
 *
 * An extent takes up to 32 masks so that scattered pages move many words at a time: for every second page, that took a
 * third less time than one mask at a time.
 */
const MASKS: usize = 16;
/** Masks that an extent has room for; it takes 528 bytes. */
export const MASKS_MAX: u32 = 32;

@unmanaged
export class Extent {
  start: u32;
  count: u32;
  masks: u32;
  list: usize;

  /** Makes the extent the run start, start + 1, … of `count` numbers. */
  setRun(start: u32, count: u32): void {
    this.start = start;
    this.count = count;
    this.masks = 0;
    this.list = 0;
  }

  /** Makes the extent the `count` entries at `list`, which must stay as they are while the extent is in use. */
  setList(list: usize, count: u32): void {
    this.count = count;
    this.masks = 0;
    this.list = list;
  }

  /** Empties the extent, so that masks can be added. */
  setMasks(): void {
    this.count = 0;
    this.masks = 0;
    this.list = 0;
  }

  /** Adds a mask. The caller sees to it that the extent is not full and that the mask is not 0. */
  addMask(start: u32, mask: u64): void {
    assert(!this.full && mask != 0, "extent: no room, or nothing to add");
    const at = this.at(this.masks++);
    store<u64>(at, mask);
    store<u32>(at, start, 8);
    this.count += <u32>popcnt(mask);
  }

  /** Replaces the last mask by `mask`, a part of it. */
  cutLast(mask: u64): void {
    const at = this.at(this.masks - 1);
    this.count -= <u32>popcnt(load<u64>(at) ^ mask);
    store<u64>(at, mask);
  }

  /** True if there is no room for another mask. */
  get full(): bool {
    return this.masks == MASKS_MAX;
  }

  /** Returns the bits of mask `index`. */
  maskOf(index: u32): u64 {
    return load<u64>(this.at(index));
  }

  /** Returns the number that bit 0 of mask `index` stands for. */
  startOf(index: u32): u32 {
    return load<u32>(this.at(index), 8);
  }

  /** One of the numbers: the lowest of a run, the first of a list, the lowest of the first mask. */
  get first(): u32 {
    if (this.list != 0) return load<u32>(this.list);
    return this.masks == 0 ? this.start : this.startOf(0) + <u32>ctz(this.maskOf(0));
  }

  /** Returns the address of mask `index`; its start follows it. */
  private at(index: u32): usize {
    return changetype<usize>(this) + MASKS + (index << 4);
  }
}

/** Returns the `count` lowest bits that are set in `bits`, which has at least that many. O(count). */
export function lowestBits(bits: u64, count: u32): u64 {
  let rest = bits;
  for (let i: u32 = 0; i < count; i++) rest &= rest - 1;
  return bits ^ rest;
}

/** True if no clear bit of `mask` lies between two that are set; true for 0. */
export function isRun(mask: u64): bool {
  const low = mask >> ctz(mask);
  return (low & (low + 1)) == 0;
}
