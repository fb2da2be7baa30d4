/** The members of a 64-bit mask as a list of u32. */

/** Writes start + b for the bits b of mask, lowest bit first. */
export function writeMaskUp(list: usize, start: u32, mask: u64): void {
  for (; mask != 0; mask &= mask - 1, list += 4) store<u32>(list, start + <u32>ctz(mask));
}

/** Writes start + b for the bits b of mask, highest bit first. */
export function writeMaskDown(list: usize, start: u32, mask: u64): void {
  for (; mask != 0; list += 4) {
    const bit = 63 - <u32>clz(mask);
    store<u32>(list, start + bit);
    mask ^= (<u64>1) << bit;
  }
}
