/** Qubes' meminfo-writer: samples of /proc/meminfo one after the other, and what is written at each. */
import { figuresOf, MeminfoWriter, swapinfoText } from "xen-balloon/core";
import { listAt, numberAt, objectAt } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";

export const meminfoWriter: VectorKind = {
  knows: (entry) => Array.isArray(entry.samples) && Array.isArray(entry.writes),

  run(entry) {
    const writer = new MeminfoWriter();
    const writes = listAt("samples", entry.samples, "samples").map((value, index) => {
      const path = `samples[${index}]`;
      const sample = objectAt(path, value);
      const kib = (field: string): number => numberAt(`${path}.${field}`, sample[field]);
      const { usedKib, totalKib, swapKib } = figuresOf({
        memTotalKib: kib("MemTotal"),
        memFreeKib: kib("MemFree"),
        buffersKib: kib("Buffers"),
        cachedKib: kib("Cached"),
        swapTotalKib: kib("SwapTotal"),
        swapFreeKib: kib("SwapFree"),
        currentKib: kib("current_kb"),
      });
      const meminfo = writer.sample(usedKib, totalKib);
      const swapinfo = swapinfoText(swapKib);
      return {
        ...(meminfo !== null && { "memory/meminfo": meminfo }),
        ...(swapinfo !== null && { "memory/swapinfo": swapinfo }),
      };
    });
    return differences("writes", entry.writes, writes);
  },
};
