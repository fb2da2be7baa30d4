/**
 * Computes the digest of traces: FNV-1a with 32 bits over little-endian 32-bit words.
 */

/** The digest of an empty sequence. */
export const EMPTY_DIGEST: number = 2166136261 | 0;

const PRIME = 16777619;

/** Adds the low 32 bits of a number to a digest. */
export function addWord(digest: number, word: number): number {
  let h = Math.imul(digest ^ (word & 255), PRIME);
  h = Math.imul(h ^ ((word >>> 8) & 255), PRIME);
  h = Math.imul(h ^ ((word >>> 16) & 255), PRIME);
  return Math.imul(h ^ (word >>> 24), PRIME);
}

/** Adds the first `count` words to a digest. */
export function addWords(digest: number, words: Uint32Array, count: number = words.length): number {
  let h = digest;
  for (let i = 0; i < count; i++) h = addWord(h, words[i]);
  return h;
}

/** Formats a digest for a trace. */
export function formatDigest(digest: number): string {
  return (digest >>> 0).toString(16).padStart(8, "0");
}
