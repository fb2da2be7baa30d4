/**
 * Some members of a set of numbers, in one of three forms:
 *
 *   run    start, start + 1, … start + count - 1
 *   mask   mask != 0: start + b for every bit b of mask, ascending; start is a multiple of 64, count == popcnt(mask)
 *   list   list != 0: the `count` words from address `list` on, in any order; they belong to somebody else
 */
@unmanaged
export class Extent {
  start: u32;
  count: u32;
  mask: u64;
  list: usize;

  setRun(start: u32, count: u32): void {
    this.start = start;
    this.count = count;
    this.mask = 0;
    this.list = 0;
  }

  setList(list: usize, count: u32): void {
    this.count = count;
    this.mask = 0;
    this.list = list;
  }

  /** One of them: of a run or a mask the lowest. */
  get first(): u32 {
    if (this.list != 0) return load<u32>(this.list);
    return this.mask == 0 ? this.start : this.start + <u32>ctz(this.mask);
  }

  setMask(start: u32, mask: u64): void {
    this.start = start;
    this.count = <u32>popcnt(mask);
    this.mask = mask;
    this.list = 0;
  }
}

/** The `count` lowest bits that are set in `bits`; it has at least so many. */
export function lowestBits(bits: u64, count: u32): u64 {
  let rest = bits;
  for (let i: u32 = 0; i < count; i++) rest &= rest - 1;
  return bits ^ rest;
}

/** True where the set bits of `mask` are neighbours; mask != 0. */
export function isRun(mask: u64): bool {
  const low = mask >> ctz(mask);
  return (low & (low + 1)) == 0;
}
