/**
 * Some members of a set of numbers, in one of three forms:
 *
 *   run     start, start + 1, … start + count - 1
 *   masks   words > 0: of each word in turn startOf + b for every bit b of maskOf, which is not 0
 *   list    list != 0: the `count` words from address `list` on, in any order; they belong to somebody else
 *
 *     0       4       8       12      16              24
 *   │ start │ count │ words │ list  │ mask of word 0 │ its start │       │ mask of word 1 │ …
 *
 * A word is 64 neighbours of which the first is a multiple of 64. From a set they come ascending, from a list in its
 * order from the end that was read. Free pages that lie scattered are taken, and listed, and given back, by as many
 * words as there are: of every second page that took a third less than word by word.
 */
const MASKS: usize = 16;
/** An Extent takes 528 bytes, then. */
const MASKS_MAX: u32 = 32;

@unmanaged
export class Extent {
  start: u32;
  count: u32;
  masks: u32;
  list: usize;

  setRun(start: u32, count: u32): void {
    this.start = start;
    this.count = count;
    this.masks = 0;
    this.list = 0;
  }

  setList(list: usize, count: u32): void {
    this.count = count;
    this.masks = 0;
    this.list = list;
  }

  /** Masks, as yet none. */
  setMasks(): void {
    this.count = 0;
    this.masks = 0;
    this.list = 0;
  }

  /** One mask more; there is room. */
  addMask(start: u32, mask: u64): void {
    assert(!this.full && mask != 0, "extent: no room, or nothing to add");
    const at = this.at(this.masks++);
    store<u64>(at, mask);
    store<u32>(at, start, 8);
    this.count += <u32>popcnt(mask);
  }

  /** The last mask loses all but `mask`. */
  cutLast(mask: u64): void {
    const at = this.at(this.masks - 1);
    this.count -= <u32>popcnt(load<u64>(at) ^ mask);
    store<u64>(at, mask);
  }

  get full(): bool {
    return this.masks == MASKS_MAX;
  }

  maskOf(index: u32): u64 {
    return load<u64>(this.at(index));
  }

  startOf(index: u32): u32 {
    return load<u32>(this.at(index), 8);
  }

  /** One of them. */
  get first(): u32 {
    if (this.list != 0) return load<u32>(this.list);
    return this.masks == 0 ? this.start : this.startOf(0) + <u32>ctz(this.maskOf(0));
  }

  private at(index: u32): usize {
    return changetype<usize>(this) + MASKS + (index << 4);
  }
}

/** The `count` lowest bits that are set in `bits`; it has at least so many. */
export function lowestBits(bits: u64, count: u32): u64 {
  let rest = bits;
  for (let i: u32 = 0; i < count; i++) rest &= rest - 1;
  return bits ^ rest;
}

/** True where the set bits of `mask`, if any, are neighbours. */
export function isRun(mask: u64): bool {
  const low = mask >> ctz(mask);
  return (low & (low + 1)) == 0;
}
