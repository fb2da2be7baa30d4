/**
 * The digest of traces: FNV-1a, 32 bit, over little-endian 32-bit words.
 */

/** The digest of nothing. */
export const EMPTY_DIGEST: number = 2166136261 | 0;

const PRIME = 16777619;

/** Adds a word; of a number, its low 32 bits. */
export function addWord(digest: number, word: number): number {
  let h = Math.imul(digest ^ (word & 255), PRIME);
  h = Math.imul(h ^ ((word >>> 8) & 255), PRIME);
  h = Math.imul(h ^ ((word >>> 16) & 255), PRIME);
  return Math.imul(h ^ (word >>> 24), PRIME);
}

/** Adds the first `count` words. */
export function addWords(digest: number, words: Uint32Array, count: number = words.length): number {
  let h = digest;
  for (let i = 0; i < count; i++) h = addWord(h, words[i]);
  return h;
}

/** As a trace prints it. */
export function formatDigest(digest: number): string {
  return (digest >>> 0).toString(16).padStart(8, "0");
}
