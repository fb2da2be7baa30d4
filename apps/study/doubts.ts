/**
 * Finds settings that can be run and hardly say what was meant: sizes that contradict the demand, and times that
 * contradict each other, often because a number was meant in another unit.
 */
import { PAGE_BYTES } from "xen-balloon/core";
import { durationText, sizeText, unitOf, withCommas } from "./analysis/figures.js";
import type { ExactJob } from "./exact-job.js";
import { configOf } from "./settings.js";
import { SettingsError } from "./settings-error.js";
import type { Factor, Settings } from "./study.js";

/** A guest that is so many times as large as any that its demand was sold is hardly meant. */
const FAR_LARGER = 256;
/** The longest wait of a driver that nobody has tuned. */
const LONGEST_DELAY_SECONDS = 32;

/** @throws as configOf */
export function doubtsOf(job: ExactJob): readonly SettingsError[] {
  return [...demandDoubts(job), ...timeDoubts(job)];
}

function demandDoubts(job: ExactJob): readonly SettingsError[] {
  const { settings, demand } = job;
  if (demand === null) return [];
  const { maxPfn } = configOf(job).guest;
  const { floorPages, windowMs, policy } = settings;
  let [used, sold] = [0, 0];
  for (const { usedPages, provisionedPages } of demand.points) {
    used = Math.max(used, usedPages);
    sold = Math.max(sold, provisionedPages ?? usedPages);
  }
  const doubts: SettingsError[] = [];
  const doubt = (key: keyof Settings, problem: string): void => void doubts.push(new SettingsError(key, problem));
  if (settings.maxPfn !== undefined && used > maxPfn) {
    doubt(
      "maxPfn",
      `a guest of ${sizeText(maxPfn)} cannot use the ${sizeText(used)} of its demand: what is more is left out`,
    );
  }
  if (settings.maxPfn !== undefined && maxPfn >= FAR_LARGER * sold) {
    doubt(
      "maxPfn",
      `a guest of ${sizeText(maxPfn)} was sold ${sizeText(sold)}: it is a number of pages of ${withCommas(PAGE_BYTES)} bytes`,
    );
  }
  if (floorPages !== undefined && floorPages > maxPfn) {
    doubt(
      "floorPages",
      `no target is below ${sizeText(floorPages)}, and the guest has ${sizeText(maxPfn)}: it never gives any back`,
    );
  }
  const steps = demand.points.slice(1).map(({ timeMs }, i) => timeMs - demand.points[i].timeMs);
  const step = steps.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  if (policy === "peak" && windowMs !== undefined && windowMs < step && step !== Number.POSITIVE_INFINITY) {
    doubt(
      "windowMs",
      `a window of ${durationText(windowMs / 1000)} is shorter than the demand's step of ${durationText(step / 1000)}: peak does what follow does`,
    );
  }
  return doubts;
}

function timeDoubts({ settings }: ExactJob): readonly SettingsError[] {
  const { settleLimitMs, maxScheduleDelaySeconds = LONGEST_DELAY_SECONDS } = settings;
  if (settleLimitMs === undefined || settleLimitMs >= maxScheduleDelaySeconds * 1000) return [];
  const [limit, delay] = [settleLimitMs / 1000, maxScheduleDelaySeconds].map(durationText);
  return [
    new SettingsError(
      "settleLimitMs",
      `a guest has ${limit} to reach a target, less than one wait of up to ${delay} for the next try`,
    ),
  ];
}

/** Two neighbouring levels in pages of which one is the other's number of bytes; null where there are none. */
export function bytesAmong({ levels }: Factor): { readonly label: string; readonly error: SettingsError } | null {
  const pages = levels
    .flatMap(({ label, settings }) =>
      Object.entries(settings).flatMap(([key, value]) =>
        unitOf(key) === ", pages" && typeof value === "number" && value > 0
          ? [{ label, key: key as keyof Settings, value }]
          : [],
      ),
    )
    .sort((a, b) => a.value - b.value);
  for (const [i, { label, key, value }] of pages.entries()) {
    const before = pages.slice(0, i).findLast((other) => other.key === key);
    if (before === undefined || value !== before.value * PAGE_BYTES) continue;
    const problem = `${withCommas(value)} is ${withCommas(before.value)} pages in bytes; both are read as pages, ${sizeText(before.value)} and ${sizeText(value)}`;
    return { label, error: new SettingsError(key, problem) };
  }
  return null;
}
