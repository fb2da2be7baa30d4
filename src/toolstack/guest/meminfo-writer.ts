/** Qubes' meminfo-writer: what a guest reports of its memory in use. */
export class MeminfoWriter {
  #lastKib = 0;

  /** @returns the text for memory/meminfo; null where it writes nothing. */
  sample(usedKib: number): string | null {
    if (this.#lastKib !== 0 && Math.abs(usedKib - this.#lastKib) <= 30_000) return null;
    this.#lastKib = usedKib;
    return String(usedKib);
  }
}
