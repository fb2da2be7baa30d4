/** The options of a case's host: its settings and its guests, in KiB and ms. */
import { completePressure, MOST_KIB } from "xen-balloon/core";
import type { HostGuest, HostOptions, Pressure } from "xen-balloon/toolstack";
import { DEFAULT_DRIVER, type HostPlan, type HostSettings, type PlanGuest } from "./plan.js";
import { kibOf, msOf, partOf, wholePages } from "./quantity.js";

/** A guest of a case, without its demand. */
export type CaseGuest = Omit<HostGuest, "demand">;

/** The host of a case without its policy and the demand of its guests. */
export interface CaseHost extends Omit<HostOptions, "policy" | "guests" | "dom0" | "pressure"> {
  readonly guests: readonly CaseGuest[];
  readonly dom0?: CaseGuest;
  /** Every parameter. */
  readonly pressure: Required<Pressure>;
}

/** A setting that cannot be read. `key` is the one. */
export class SettingError extends Error {
  override readonly name = "SettingError";
  readonly key: keyof HostSettings;

  constructor(key: keyof HostSettings, problem: string) {
    super(problem);
    this.key = key;
  }
}

/** @throws SettingError */
export function caseHostOf(
  { spanMs, guests, dom0 }: Pick<HostPlan, "spanMs" | "guests" | "dom0">,
  settings: HostSettings,
): CaseHost {
  const { size, usPerPage } = settings;
  if (size === undefined)
    throw new SettingError("size", "expected a key size, the host's memory, in base or factors, got none");
  const inCase = (guest: PlanGuest): CaseGuest => guestIn(guest, settings);
  return {
    totalKib: reading("size", () => hostKibOf(size)),
    guests: guests.map(inCase),
    ...(dom0 !== null && { dom0: inCase(dom0) }),
    pressure: pressureOf(settings),
    spanMs,
    ...(usPerPage !== undefined && { usPerPage }),
  };
}

/** Reads the size of a host, in KiB. */
function hostKibOf(text: string): number {
  const kib = kibOf(text);
  if (kib <= MOST_KIB) return kib;
  throw new Error(`expected less than 16 TiB, got ${text}`);
}

function guestIn(guest: PlanGuest, { driver = DEFAULT_DRIVER, minimumScale = 1 }: HostSettings): CaseGuest {
  return { driver, ...guest, minimumKib: wholePages(guest.minimumKib * minimumScale) };
}

function pressureOf({ pressure = "waits" }: HostSettings): Required<Pressure> {
  if (typeof pressure === "string") return completePressure({ shortage: pressure });
  const { shortage, cacheShare, pressShare, swapPerSecond, killAfter, killShare } = pressure;
  return reading("pressure", () => {
    requireModel(pressure);
    return completePressure({
      shortage,
      ...(cacheShare !== undefined && { cacheShare: shareOf("cacheShare", cacheShare, 0) }),
      ...(pressShare !== undefined && { pressShare: shareOf("pressShare", pressShare, 0) }),
      ...(swapPerSecond !== undefined && {
        swapKibPerSecond: atLeast("swapPerSecond", kibOf(swapPerSecond), 1, "1 KiB", swapPerSecond),
      }),
      ...(killAfter !== undefined && { killAfterMs: atLeast("killAfter", msOf(killAfter), 1, "1 ms", killAfter) }),
      ...(killShare !== undefined && { killShare: shareOf("killShare", killShare, LEAST_KILL_SHARE) }),
    });
  });
}

/** The least part of the memory in use that the OOM killer frees. */
const LEAST_KILL_SHARE = 0.001;

/** The keys that one model of a shortage alone has. */
const MODEL_OF = { swapPerSecond: "swaps", killAfter: "kills", killShare: "kills" } as const;

/** @throws Error: a key of another model, which would do nothing */
function requireModel(pressure: Exclude<HostSettings["pressure"], string | undefined>): void {
  for (const [key, model] of Object.entries(MODEL_OF)) {
    if (!(key in pressure) || pressure.shortage === model) continue;
    throw new Error(`${key}: expected shortage: ${model} beside it, got ${pressure.shortage}`);
  }
}

function shareOf(key: string, text: string, least: number): number {
  const part = partOf(text);
  if (part !== null && part >= least && part <= 1) return part;
  throw new Error(`${key}: expected a percentage from ${least * 100}% to 100%, got ${text}`);
}

function atLeast(key: string, value: number, least: number, leastText: string, text: string): number {
  if (value >= least) return value;
  throw new Error(`${key}: expected ${leastText} or more, got ${text}`);
}

function reading<T>(key: keyof HostSettings, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingError(key, (error as Error).message);
  }
}
