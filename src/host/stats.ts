/** The fields of balloon_stats, each declared once, in the order of the driver's struct of 2013. */
import { type Generation, namesFor, type OfGeneration } from "./generation.js";
import type { BalloonStats, DriverStats } from "./stats-types.js";

/** A field of balloon_stats. */
export interface Stat extends OfGeneration {
  /** Its name in the API. */
  readonly name: keyof BalloonStats;
  readonly unit: "pages" | "seconds" | "tries";
  /** Its meaning, in a sentence. */
  readonly sentence: string;
  /** A user may set it, to no less than this. Only the driver sets a field without it. */
  readonly tunableFrom?: number;
}

/** The fields by the driver's names. */
export const STATS: { readonly [Field in keyof DriverStats]-?: Stat } = {
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
    sentence: "The most tries; 0 for no limit. At boot: 0, and 4 with driver `modern`.",
    tunableFrom: 0,
  },
  hotplug_pages: {
    name: "hotplugPages",
    unit: "pages",
    generation: "2013",
    sentence: "Memory hotplug: pages added to reach the target and not online yet.",
  },
  balloon_hotplug: {
    name: "balloonHotplugPages",
    unit: "pages",
    generation: "2013",
    sentence: "Memory hotplug: the rest of the pages in the added sections.",
  },
  target_unpopulated: {
    name: "targetUnpopulatedPages",
    unit: "pages",
    generation: "modern",
    sentence: "Pages lent out to other drivers, and asked for by them.",
  },
  total_pages: {
    name: "totalPages",
    unit: "pages",
    generation: "modern",
    sentence: "Pages that the guest has, in the balloon or not; memory hotplug raises it.",
  },
};

/** The driver's names of the fields, in order. */
export const STAT_NAMES: readonly (keyof DriverStats)[] = Object.keys(STATS) as (keyof DriverStats)[];

/** The names of the fields that a driver of this generation has, in order. */
export function statNames(generation: Generation): readonly (keyof DriverStats)[] {
  return namesFor(generation, STATS);
}

/** Converts the driver's stats to the names of the API. */
export function balloonStatsOf(stats: DriverStats): BalloonStats {
  const fields = Object.entries(stats) as [keyof DriverStats, number][];
  return Object.fromEntries(fields.map(([field, value]) => [STATS[field].name, value])) as unknown as BalloonStats;
}
