/** The guest's side of its interface: text that somebody writes, and the driver's targets that come of it. */
import {
  BalloonWatch,
  pagesOfTarget,
  pagesOfTargetKb,
  type WatchedDriver,
  type WatchGeneration,
  XenStore,
} from "xen-balloon/toolstack";
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
function watch(entry: Plain, generation: WatchGeneration): { targets: number[]; differencePages: number } {
  const store = new XenStore();
  const targets: number[] = [];
  const driver: WatchedDriver = {
    targetPages: numberAt("driver_target_pages", entry.driver_target_pages_at_first_event),
    currentPages: numberAt("driver_current_pages", entry.driver_current_pages_at_first_event),
    setTarget: (pages) => targets.push(pages),
  };
  store.introduce(1);
  const staticMaxKib = sizeAt("static_max_kib", entry.static_max_kib);
  if (staticMaxKib !== undefined) store.write(1, "memory/static-max", String(staticMaxKib));
  const sameCount = entry.domain === "pv" || entry.domain === "dom0";
  const watched = new BalloonWatch(store, 1, driver, { generation, sameCount });
  for (const kib of listAt("target_writes_kib", entry.target_writes_kib, "KiB")) {
    store.write(1, "memory/target", String(kib));
  }
  return { targets, differencePages: watched.differencePages };
}
