/**
 * A list of stretches of linear memory, each a start and an end: the parts that hold state, for whoever saves it. What
 * lies between them reads as if it were zeros. Stretches come in ascending order, and neighbours are joined.
 *
 * A list that is full is continued later, from the end of its last stretch on.
 */

/** The list: its first entry, the entry to be written next, and its end. Each entry takes 8 bytes. */
let base: usize = 0;
let next: usize = 0;
let end: usize = 0;
/** Nothing before this address is added. */
let from: usize = 0;

/** Begins a list of at most `capacity` stretches at address `list`; what lies before address `start` is left out. */
export function beginStretches(list: usize, capacity: u32, start: usize): void {
  base = list;
  next = list;
  end = list + (capacity << 3);
  from = start;
}

/** Adds the stretch from `start` to below `stop`. Returns false if it has no room, and for every later stretch. */
export function addStretch(start: usize, stop: usize): bool {
  start = max(start, from);
  if (start >= stop) return true;
  if (next != base && <usize>load<u32>(next - 4) == start) {
    store<u32>(next - 4, <u32>stop);
    return true;
  }
  if (next == end) return false;
  store<u32>(next, <u32>start);
  store<u32>(next, <u32>stop, 4);
  next += 8;
  return true;
}

/** Returns the address before which nothing is added: a table need not look there. */
export function wantedFrom(): usize {
  return from;
}

/** Returns the number of stretches in the list. */
export function stretchCount(): u32 {
  return <u32>((next - base) >>> 3);
}
