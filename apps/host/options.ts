/** The options of a case's host: its settings and its guests, in KiB and ms. */
import { completePressure } from "xen-balloon/core";
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
    totalKib: reading("size", () => kibOf(size)),
    guests: guests.map(inCase),
    ...(dom0 !== null && { dom0: inCase(dom0) }),
    pressure: pressureOf(settings),
    spanMs,
    ...(usPerPage !== undefined && { usPerPage }),
  };
}

function guestIn(guest: PlanGuest, { driver = DEFAULT_DRIVER, minimumScale = 1 }: HostSettings): CaseGuest {
  return { driver, ...guest, minimumKib: wholePages(guest.minimumKib * minimumScale) };
}

function pressureOf({ pressure = "waits" }: HostSettings): Required<Pressure> {
  if (typeof pressure === "string") return completePressure({ shortage: pressure });
  const { shortage, cacheShare, pressShare, swapPerSecond, killAfter, killShare } = pressure;
  return reading("pressure", () =>
    completePressure({
      shortage,
      ...(cacheShare !== undefined && { cacheShare: shareOf("cacheShare", cacheShare) }),
      ...(pressShare !== undefined && { pressShare: shareOf("pressShare", pressShare) }),
      ...(swapPerSecond !== undefined && { swapKibPerSecond: kibOf(swapPerSecond) }),
      ...(killAfter !== undefined && { killAfterMs: msOf(killAfter) }),
      ...(killShare !== undefined && { killShare: shareOf("killShare", killShare) }),
    }),
  );
}

function shareOf(key: string, text: string): number {
  const part = partOf(text);
  if (part === null || part > 1) throw new Error(`${key}: expected a percentage from 0% to 100%, got ${text}`);
  return part;
}

function reading<T>(key: keyof HostSettings, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingError(key, (error as Error).message);
  }
}
