/** The guest's side of its interface: text that somebody writes, and the driver's targets that come of it. */
import { BalloonWatch, pagesOfTarget, pagesOfTargetKb, type WatchGeneration } from "xen-balloon/core";
import { listAt, numberAt, type Plain, textAt } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";
import { sizeAt } from "../trajectory.js";

export const sysfsWrites: VectorKind = {
  knows: (entry) => "write" in entry && "target_kb_pages" in entry,

  run(entry) {
    const text = textAt("write", entry.write);
    return [
      ...differences("target_kb_pages", entry.target_kb_pages, pagesOfTargetKb(text)),
      ...differences("target_pages_2013", entry.target_pages_2013, pagesOfTarget(text, "2013")),
      ...differences("target_pages_modern", entry.target_pages_modern, pagesOfTarget(text, "modern")),
    ];
  },
};

const GENERATIONS: Readonly<Record<string, WatchGeneration>> = { "2013": "2013", "4_13": "4.13", modern: "modern" };

export const targetWatch: VectorKind = {
  knows: (entry) => "target_writes_kib" in entry,

  run: (entry) =>
    Object.entries(GENERATIONS).flatMap(([name, generation]) => {
      const { targets, differencePages } = watch(entry, generation);
      const differs = differences(`set_new_target_${name}`, entry[`set_new_target_${name}`], targets);
      if (generation === "2013") return differs;
      const field = `target_diff_pages_${name}`;
      return [...differs, ...differences(field, entry[field], differencePages)];
    }),
};

/** Writes the targets of a case one after the other. */
function watch(entry: Plain, generation: WatchGeneration): { targets: unknown[]; differencePages: number } {
  const staticMaxKib = sizeAt("static_max_kib", entry.static_max_kib);
  const watched = new BalloonWatch({
    generation,
    sameCount: entry.domain === "pv" || entry.domain === "dom0",
    read: (key) => (key === "memory/static-max" && staticMaxKib !== undefined ? String(staticMaxKib) : undefined),
    counts: () => ({
      targetPages: numberAt("driver_target_pages", entry.driver_target_pages_at_first_event),
      currentPages: numberAt("driver_current_pages", entry.driver_current_pages_at_first_event),
    }),
  });
  const writes = listAt("target_writes_kib", entry.target_writes_kib, "KiB");
  const targets = writes.map((kib) => watched.event(String(kib)));
  return { targets, differencePages: watched.differencePages };
}
