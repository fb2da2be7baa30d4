/** Qubes' meminfo-writer, which tells a guest's memory in use (qubes-linux-utils, qmemman/meminfo-writer.c). */

/** /proc/meminfo of a guest, and info/current_kb of its driver. */
export interface MeminfoSample {
  /** MemTotal, in KiB. */
  readonly memTotalKib: number;
  /** MemFree, in KiB. */
  readonly memFreeKib: number;
  /** Buffers, in KiB. */
  readonly buffersKib: number;
  /** Cached, in KiB. */
  readonly cachedKib: number;
  /** SwapTotal, in KiB. */
  readonly swapTotalKib: number;
  /** SwapFree, in KiB. */
  readonly swapFreeKib: number;
  /** info/current_kb, in KiB; 0 where the file cannot be read: memTotalKib stands for it. */
  readonly currentKib: number;
}

/** A guest's memory as the writer counts it. */
export interface MeminfoFigures {
  /** Memory in use and swap in use, in KiB; below 0 where the sample contradicts itself. */
  readonly usedKib: number;
  /** All its memory, in KiB. */
  readonly totalKib: number;
  /** Swap in use, in KiB. */
  readonly swapKib: number;
}

/** The time between two samples, in ms: the period with which Qubes starts the writer. */
export const MEMINFO_PERIOD_MS = 100;

/** A change that is written whatever the memory: the threshold with which Qubes starts it. */
const THRESHOLD_KIB = 30_000;

/** Counts the memory of a sample. */
export function figuresOf(sample: MeminfoSample): MeminfoFigures {
  const { memTotalKib, memFreeKib, buffersKib, cachedKib, currentKib } = sample;
  const totalKib = currentKib === 0 ? memTotalKib : currentKib;
  const swapKib = sample.swapTotalKib - sample.swapFreeKib;
  return { usedKib: totalKib - buffersKib - cachedKib - memFreeKib + swapKib, totalKib, swapKib };
}

/**
 * The text that is written to memory/swapinfo after a sample; null where nothing is. The writer never remembers it, and so
 * writes it after each sample.
 */
export function swapinfoText(swapKib: number): string | null {
  return swapKib < 0 ? null : String(swapKib);
}

/** The writer of one guest. */
export class MeminfoWriter {
  /** Memory in use as it was written; 0 until it was, and a written 0 counts as none. */
  #writtenKib = 0;

  /**
   * Takes the memory in use and all memory of a guest, in KiB.
   *
   * @returns the text that is written to memory/meminfo; null where nothing is.
   */
  sample(usedKib: number, totalKib: number): string | null {
    if (usedKib < 0 || !this.#isNews(usedKib, totalKib)) return null;
    this.#writtenKib = usedKib;
    return String(usedKib);
  }

  /** Tells if a change is written. In a guest that is nearly full, growth by half of the threshold suffices. */
  #isNews(usedKib: number, totalKib: number): boolean {
    const growthKib = usedKib - this.#writtenKib;
    if (this.#writtenKib === 0 || Math.abs(growthKib) > THRESHOLD_KIB) return true;
    const nearlyFull = Math.floor(usedKib / 10) > Math.floor((totalKib + 12) / 13);
    return nearlyFull && growthKib > THRESHOLD_KIB / 2;
  }
}
