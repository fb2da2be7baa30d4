/** The fields of balloon_stats, each declared once, in the order of the driver's struct. */
import type { BalloonStats, DriverStats, TunableField, Tunables } from "./stats-types.js";

/** A field of balloon_stats. */
export interface Stat {
  /** Its name in the API. */
  readonly name: keyof BalloonStats;
  readonly unit: "pages" | "seconds" | "tries";
  /** Its meaning, in a sentence. */
  readonly sentence: string;
  /** A user may set it, to no less than this. Only the driver sets a field without it. */
  readonly tunableFrom?: number;
}

/** The fields by the driver's names. */
export const STATS: { readonly [Field in keyof DriverStats]: Stat } = {
  current_pages: {
    name: "currentPages",
    unit: "pages",
    sentence: "The guest's present size, by the driver's count.",
  },
  target_pages: { name: "targetPages", unit: "pages", sentence: "The guest's target size." },
  balloon_low: { name: "balloonLowPages", unit: "pages", sentence: "Pages in the balloon that are low memory." },
  balloon_high: { name: "balloonHighPages", unit: "pages", sentence: "Pages in the balloon that are high memory." },
  schedule_delay: {
    name: "scheduleDelaySeconds",
    unit: "seconds",
    sentence: "The wait after the next failure is twice this, up to the maximum. At boot: 1.",
  },
  max_schedule_delay: {
    name: "maxScheduleDelaySeconds",
    unit: "seconds",
    sentence: "The longest wait. At boot: 32.",
    tunableFrom: 1,
  },
  retry_count: { name: "retryCount", unit: "tries", sentence: "Tries so far; 1 means that none has failed." },
  max_retry_count: {
    name: "maxRetryCount",
    unit: "tries",
    sentence: "The most tries; 0 for no limit. At boot: 0.",
    tunableFrom: 0,
  },
  hotplug_pages: {
    name: "hotplugPages",
    unit: "pages",
    sentence: "Memory hotplug: pages added to reach the target and not online yet.",
  },
  balloon_hotplug: {
    name: "balloonHotplugPages",
    unit: "pages",
    sentence: "Memory hotplug: the rest of the pages in the added sections.",
  },
};

/** The driver's names of the fields, in order. */
export const STAT_NAMES: readonly (keyof DriverStats)[] = Object.keys(STATS) as (keyof DriverStats)[];

/** A field that a user may set. */
export interface Tunable {
  /** Its name in balloon_stats, in sysfs and in scripts. */
  readonly field: TunableField;
  /** Its name in the API. */
  readonly name: keyof Tunables;
  readonly unit: Stat["unit"];
  /** The least value. */
  readonly from: number;
  readonly sentence: string;
}

/** The fields that a user may set (the writable attributes of the driver's sysfs device). */
export const TUNABLES: readonly Tunable[] = STAT_NAMES.flatMap((field) => {
  const { name, unit, tunableFrom: from, sentence } = STATS[field];
  if (from === undefined) return [];
  return [{ field: field as TunableField, name: name as keyof Tunables, unit, from, sentence }];
});

/** Converts the driver's stats to the names of the API. */
export function balloonStatsOf(stats: DriverStats): BalloonStats {
  return Object.fromEntries(STAT_NAMES.map((field) => [STATS[field].name, stats[field]])) as unknown as BalloonStats;
}
