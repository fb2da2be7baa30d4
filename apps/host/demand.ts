/** The demand of a guest: a size that stays, points in the plan's text, or a guest of a demand file. */
import { messageOf } from "xen-balloon/core";
import type { DemandPoint } from "xen-balloon/toolstack";
import type { DemandSeries } from "../demand/series.js";
import { guestNamed } from "../study/demand-files.js";
import type { Path, StudySource } from "../study/source.js";
import type { NamedFiles } from "./files.js";
import type { DemandText } from "./plan.js";
import { isSize, kibOf, msOf, PAGE_KIB } from "./quantity.js";

/** The demand of a guest. */
export interface Demand {
  /** Ascending in time, one or more. */
  readonly points: readonly DemandPoint[];
  /** When its last row ends; Infinity where it holds on. */
  readonly endMs: number;
  /** The time of the first row of its file, by the file's clock, in ms: it is laid at 0. Null where no file tells. */
  readonly firstMs: number | null;
  /** The most that the guest was sold, in KiB, or used where the file does not say; null where no file tells. */
  readonly soldKib: number | null;
}

/**
 * Reads the demand of a guest.
 *
 * @param guest - its name, which is that of the file's guest where the text names none.
 * @param path - of the demand in the text.
 * @throws StudyError: it is none, or cannot be read
 */
export function readDemandOf(
  text: DemandText,
  guest: string,
  path: Path,
  source: StudySource,
  files: NamedFiles,
): Demand {
  if (typeof text === "string" && isSize(text)) {
    const usedKib = at(source, path, () => kibOf(text));
    return { points: [{ timeMs: 0, usedKib }], endMs: Number.POSITIVE_INFINITY, firstMs: null, soldKib: null };
  }
  if (typeof text !== "string" && text.file === undefined) return pointsOf(text, path, source);
  const { file, vm }: { readonly file: string; readonly vm?: string } =
    typeof text === "string" ? { file: text } : { file: text.file, vm: text.vm };
  const guests = at(source, path, () => files.guestsOf(file));
  const wanted = vm ?? (guests.length === 1 ? undefined : guest);
  const where = vm === undefined ? path : [...path, "vm"];
  return demandOfSeries(
    at(source, where, () => guestNamed(guests, wanted)),
    guests,
  );
}

/**
 * Turns a guest of a demand file into its demand. The file's first row is at 0.
 *
 * @param all - every guest of the file.
 */
export function demandOfSeries({ points }: DemandSeries, all: readonly DemandSeries[]): Demand {
  const firstMs = all.reduce((least, { points: [first] }) => Math.min(least, first.timeMs), Number.POSITIVE_INFINITY);
  const last = points[points.length - 1].timeMs;
  // the last row takes as long as the one before it
  const stepMs = points.length < 2 ? 0 : last - points[points.length - 2].timeMs;
  let soldPages = 0;
  for (const { usedPages, provisionedPages } of points) soldPages = Math.max(soldPages, provisionedPages ?? usedPages);
  return {
    points: points.map(({ timeMs, usedPages }) => ({ timeMs: timeMs - firstMs, usedKib: usedPages * PAGE_KIB })),
    endMs: last - firstMs + stepMs,
    firstMs,
    soldKib: soldPages * PAGE_KIB,
  };
}

function pointsOf(text: Exclude<DemandText, string>, path: Path, source: StudySource): Demand {
  const points: DemandPoint[] = [];
  let before = "";
  for (const key of source.keysAt(path)) {
    const here = [...path, key];
    const timeMs = at(source, here, () => msOf(key));
    const usedKib = at(source, here, () => kibOf(text[key]));
    const last = points.at(-1);
    if (last !== undefined && timeMs <= last.timeMs) {
      throw source.error(here, `expected a time after ${before}, got ${key}`);
    }
    before = key;
    points.push({ timeMs, usedKib });
  }
  return { points, endMs: Number.POSITIVE_INFINITY, firstMs: null, soldKib: null };
}

/** Does something for the field at a path: what it throws names the field. */
export function at<T>(source: StudySource, path: Path, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw source.error(path, messageOf(error));
  }
}
