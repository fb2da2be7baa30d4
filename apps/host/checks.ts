/** Checks the cases of a plan: guests that do not fit at the start, minima, guests without a driver; and doubts about demand. */
import { countPages, everyGuest, firstGuests, MOST_KIB, plural } from "xen-balloon/core";
import { durationText, listText } from "../study/analysis/figures.js";
import type { StudyError, StudySource } from "../study/source.js";
import type { FoundGuest } from "./guests.js";
import { type CaseGuest, type CaseHost, SettingError } from "./options.js";
import type { HostSettings } from "./plan.js";
import { sizeOf } from "./quantity.js";

/**
 * @param found - the guests of the plan, dom0 first if it takes part.
 * @throws StudyError: a guest that cannot be; SettingError: a setting that makes the case impossible
 */
export function refuseImpossible(
  host: CaseHost,
  { minimumScale }: HostSettings,
  found: readonly FoundGuest[],
  source: StudySource,
): void {
  for (const [i, guest] of everyGuest(host).entries()) {
    const { path } = found[i];
    const wrong = (key: string, problem: string): StudyError =>
      source.error([...path, key], `${guest.name}: ${problem}`);
    const { memoryKib, minimumKib, maximumKib, videoramKib = 0 } = guest;
    if (maximumKib > MOST_KIB) throw wrong("maximum", `expected less than 16 TiB, got ${sizeOf(maximumKib)}`);
    if (memoryKib > maximumKib) throw wrong("memory", expected(`${sizeOf(maximumKib)}, its maximum,`, memoryKib));
    if (videoramKib >= memoryKib) {
      throw wrong(
        "videoram",
        `expected less than its memory of ${sizeOf(memoryKib)}, of which it is a part, got ${sizeOf(videoramKib)}`,
      );
    }
    if (minimumKib > memoryKib) {
      const scaled = minimumScale === undefined ? "" : `, scaled by ${minimumScale}`;
      throw wrong("minimum", `${expected(`${sizeOf(memoryKib)}, its memory,`, minimumKib)}${scaled}`);
    }
    refuseSilent(guest, wrong);
    refuseNothingLeft(guest, wrong);
  }
  const { totalKib } = host;
  const first = firstGuests(host);
  const needed = first.reduce((sum, { memoryKib }) => sum + memoryKib, 0);
  if (needed <= totalKib) return;
  const problem = `${plural(first.length, "guest")} that run from the start have ${sizeOf(needed)} of memory in all: ${sizeOf(needed - totalKib)} do not fit into ${sizeOf(totalKib)}`;
  throw new SettingError("size", problem);
}

/** Outside pv a guest without a driver sees and uses its greatest size, whatever it starts with. */
function refuseSilent(
  { type, balloons, memoryKib, maximumKib, boot }: CaseGuest,
  wrong: (key: string, problem: string) => StudyError,
): void {
  if (balloons !== false || type === "pv" || boot !== undefined || memoryKib === maximumKib) return;
  const problem = `a guest of type ${type} without a driver uses all of its maximum: expected type pv, or memory equal to maximum`;
  throw wrong("balloons", problem);
}

/** The modern driver takes a pv guest's extra memory off its size, and does not start where nothing is left of it. */
function refuseNothingLeft(
  { type, driver, balloons, memoryKib, maximumKib, videoramKib = 0, boot }: CaseGuest,
  wrong: (key: string, problem: string) => StudyError,
): void {
  if (type !== "pv" || driver !== "modern" || balloons === false) return;
  const extraKib = boot === undefined ? maximumKib - memoryKib : 4 * countPages(boot.extraRegions ?? []);
  if (extraKib < memoryKib - videoramKib) return;
  const starts = `the driver modern does not start in a pv guest with ${sizeOf(extraKib)} of extra memory beside its memory of ${sizeOf(memoryKib)}`;
  throw wrong("type", `${starts} (DRIVERS.md tells why): expected type pvh, or driver "2013"`);
}

function expected(most: string, kib: number): string {
  return `expected ${most} at most, got ${sizeOf(kib)}`;
}

/** The policies of the package that never read a guest's minimum. */
const BLIND_TO_MINIMUM: readonly string[] = ["qmemman", "xl", "keep"];

/** The doubt about scaled minima under policies that know none; null where there is none. */
export function doubtOfMinima(cases: readonly { readonly settings: HostSettings }[]): string | null {
  const scaled = cases.filter(({ settings }) => settings.minimumScale !== undefined);
  const policies = [...new Set(scaled.map(({ settings }) => settings.policy ?? ""))];
  const blind = policies.filter((policy) => BLIND_TO_MINIMUM.includes(policy));
  if (blind.length === 0) return null;
  return `${listText(blind)} ${blind.length === 1 ? "knows" : "know"} no minimum of a guest: minimumScale changes nothing but the minima in the report`;
}

/** The doubt about demand files whose clocks begin at different times; null where there is none. */
export function doubtOfClocks(found: readonly FoundGuest[]): string | null {
  const first = new Map<number, string>();
  for (const { guest, demand } of found) {
    if (demand.firstMs !== null && !first.has(demand.firstMs)) first.set(demand.firstMs, guest.name);
  }
  if (first.size < 2) return null;
  const [earliest, ...others] = [...first.keys()].sort((a, b) => a - b);
  const last = others[others.length - 1];
  const apart = `the demand of ${first.get(last)} begins ${timeText(last - earliest)} after that of ${first.get(earliest)}`;
  return `${apart}, by the clocks of their files: the first row of each is laid at the host's start`;
}

/** The doubts about a guest, whatever the case; each names its field. */
export function doubtsOf(
  { guest, demand, path, loggedDriver }: FoundGuest,
  key: "demand" | "all",
  spanMs: number,
  source: StudySource,
): readonly StudyError[] {
  const { name, maximumKib, videoramKib = 0, startMs = 0, stopMs, driver } = guest;
  const doubts: StudyError[] = [];
  const doubt = (field: string, problem: string): void => {
    doubts.push(source.error([...path, field], `${name}: ${problem}`));
  };
  const { points, endMs } = demand;
  const [first] = points;
  if (first.timeMs > startMs) {
    doubt(key, `its demand begins ${timeText(first.timeMs - startMs)} after its start: its first value holds before`);
  }
  const until = Math.min(spanMs, stopMs ?? spanMs);
  const late = points.filter(({ timeMs }) => timeMs >= spanMs).length;
  if (late > 0 && endMs === Number.POSITIVE_INFINITY) {
    doubt(key, `${plural(late, "point")} of its demand: the span of ${timeText(spanMs)} is over by then`);
  }
  if (endMs < until) {
    doubt(key, `its demand ends after ${timeText(endMs)}, ${timeText(until - endMs)} early: its last value holds on`);
  }
  const most = points.reduce((greatest, point) => (point.usedKib > greatest.usedKib ? point : greatest));
  const usableKib = maximumKib - videoramKib;
  if (most.usedKib > usableKib) {
    const video = videoramKib === 0 ? "" : ` without its video memory of ${sizeOf(videoramKib)}`;
    const above = `${sizeOf(most.usedKib - usableKib)} above its maximum${video}`;
    doubt(key, `it wants ${sizeOf(most.usedKib)} at ${timeText(most.timeMs)}, ${above}`);
  }
  if (startMs >= spanMs) doubt("start", `it is asked to start when the span of ${timeText(spanMs)} is over`);
  if (stopMs !== undefined && stopMs > spanMs) {
    doubt("stop", `it is to stop when the span of ${timeText(spanMs)} is over`);
  }
  if (driver !== undefined && loggedDriver !== undefined && loggedDriver !== driver) {
    doubt("driver", `its boot log is of a kernel with the driver ${loggedDriver}: it runs with ${driver}`);
  }
  return doubts;
}

function timeText(ms: number): string {
  const days = ms / 86_400_000;
  return days >= 2 ? `${Number(days.toPrecision(3))} days` : durationText(ms / 1000);
}
