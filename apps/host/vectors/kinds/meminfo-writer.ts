/** Qubes' meminfo-writer: samples of /proc/meminfo one after the other, and what is written at each. */
import { MeminfoWriter } from "xen-balloon/toolstack";
import { listAt, numberAt, objectAt } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";

export const meminfoWriter: VectorKind = {
  knows: (entry) => Array.isArray(entry.samples) && Array.isArray(entry.writes),

  run(entry) {
    let written: Record<string, string> = {};
    const writer = new MeminfoWriter((key, value) => {
      written[key] = value;
    });
    const samples = listAt("samples", entry.samples, "samples").map((value, index) => {
      const path = `samples[${index}]`;
      const sample = objectAt(path, value);
      const kib = (field: string): number => numberAt(`${path}.${field}`, sample[field]);
      written = {};
      writer.sample({
        memTotalKib: kib("MemTotal"),
        memFreeKib: kib("MemFree"),
        buffersKib: kib("Buffers"),
        cachedKib: kib("Cached"),
        swapTotalKib: kib("SwapTotal"),
        swapFreeKib: kib("SwapFree"),
        currentKib: kib("current_kb"),
      });
      return written;
    });
    return differences("writes", entry.writes, samples);
  },
};
