/**
 * Copies of an array at several moments. Where a copy equals the one before, the two share their memory, so that many
 * copies cost what has changed between them.
 */

/** Part of an array, from index `from` to below `to`. */
export type Stretch = readonly [from: number, to: number];

/** A copy: its pieces, each by the index of its first entry. */
export interface Copy {
  /** The memory of the pieces that the copy before does not have, in bytes. */
  readonly bytes: number;
  readonly pieces: ReadonlyMap<number, Uint32Array>;
}

/** Entries of a piece, at most: 16 KiB. Pieces end at multiples of it, so that those of two copies match. */
const PIECE = 4096;

export class Copies {
  /** The copy that the array was last equal to. Weak, so that it lives no longer than whoever wants it back. */
  #last: WeakRef<Copy> | null = null;

  /** @param stretches - the parts to copy, ascending; the others are zeros. */
  make(array: Uint32Array, stretches: Iterable<Stretch>): Copy {
    const before = this.#last?.deref()?.pieces;
    const pieces = new Map<number, Uint32Array>();
    let bytes = 0;
    for (const [from, to] of stretches) {
      for (let at = from; at < to; ) {
        const end = Math.min(to, (Math.floor(at / PIECE) + 1) * PIECE);
        const piece = array.subarray(at, end);
        const shared = before?.get(at);
        if (shared !== undefined && equal(shared, piece)) {
          pieces.set(at, shared);
        } else {
          pieces.set(at, piece.slice());
          bytes += piece.byteLength;
        }
        at = end;
      }
    }
    const copy = { bytes, pieces };
    this.#last = new WeakRef(copy);
    return copy;
  }

  /** Writes a copy back. @param stretches - the parts that may be other than zeros now. */
  writeBack(copy: Copy, array: Uint32Array, stretches: readonly Stretch[]): void {
    for (const [from, to] of stretches) array.fill(0, from, to);
    for (const [at, piece] of copy.pieces) array.set(piece, at);
    this.#last = new WeakRef(copy);
  }
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
