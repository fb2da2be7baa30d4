/** Qubes' meminfo-writer, which tells a guest's memory in use (qubes-linux-utils, qmemman/meminfo-writer.c). */

/** /proc/meminfo of a guest, and info/current_kb of its driver, in KiB. */
export interface MeminfoSample {
  readonly memTotalKib: number;
  readonly memFreeKib: number;
  readonly buffersKib: number;
  readonly cachedKib: number;
  readonly swapTotalKib: number;
  readonly swapFreeKib: number;
  /** 0 where the file cannot be read: memTotalKib stands for it. */
  readonly currentKib: number;
}

/** Writes a key of the guest. */
export type KeyWriter = (key: "memory/meminfo" | "memory/swapinfo", value: string) => void;

/** The time between two samples, in ms: the period with which Qubes starts it. */
export const MEMINFO_PERIOD_MS = 100;

/** A change that is written whatever the memory: the threshold with which Qubes starts it. */
const THRESHOLD_KIB = 30_000;

/** The writer of one guest. */
export class MeminfoWriter {
  readonly #write: KeyWriter;
  /** Memory in use as it was written; 0 until it was, and a written 0 counts as none. */
  #writtenKib = 0;

  constructor(write: KeyWriter) {
    this.#write = write;
  }

  /** Takes a sample, and writes what the guest is to tell. */
  sample(sample: MeminfoSample): void {
    const { memTotalKib, memFreeKib, buffersKib, cachedKib, currentKib } = sample;
    const totalKib = currentKib === 0 ? memTotalKib : currentKib;
    const swapKib = sample.swapTotalKib - sample.swapFreeKib;
    const usedKib = totalKib - buffersKib - cachedKib - memFreeKib + swapKib;
    if (usedKib >= 0 && this.#isNews(usedKib, totalKib)) {
      this.#writtenKib = usedKib;
      this.#write("memory/meminfo", String(usedKib));
    }
    // the writer never remembers this one, and so writes it each time
    if (swapKib >= 0) this.#write("memory/swapinfo", String(swapKib));
  }

  /** Where a guest is near to full, half of the threshold suffices, if its use grows. */
  #isNews(usedKib: number, totalKib: number): boolean {
    const growthKib = usedKib - this.#writtenKib;
    if (this.#writtenKib === 0 || Math.abs(growthKib) > THRESHOLD_KIB) return true;
    const nearlyFull = Math.floor(usedKib / 10) > Math.floor((totalKib + 12) / 13);
    return nearlyFull && growthKib > THRESHOLD_KIB / 2;
  }
}
