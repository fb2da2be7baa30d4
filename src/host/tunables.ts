/** The settings that a user may change while the driver runs, each declared once. */
import type { OfGeneration } from "./generation.js";
import { STAT_NAMES, STATS } from "./stats.js";
import type { TunableField, Tunables } from "./stats-types.js";

/** A setting that a user may change. */
export interface Tunable extends OfGeneration {
  /** Its name in balloon_stats, in sysfs and in scripts. */
  readonly field: TunableField;
  /** Its name in the API. */
  readonly name: keyof Tunables;
  /** A flag is 0 or 1 in scripts, false or true in the API. */
  readonly form: "number" | "flag";
  /** Completes "expected …". */
  readonly unit: string;
  /** The least value. */
  readonly from: number;
  readonly sentence: string;
}

/** The fields of balloon_stats that a user may set (the writable attributes of the driver's sysfs device). */
const FIELDS: readonly Tunable[] = STAT_NAMES.flatMap((field): readonly Tunable[] => {
  const { name, unit, tunableFrom: from, sentence } = STATS[field];
  if (from === undefined) return [];
  return [{ field: field as TunableField, name: name as keyof Tunables, form: "number", unit, from, sentence }];
});

/** All settings: those of balloon_stats, and those that the driver keeps elsewhere. */
export const TUNABLES: readonly Tunable[] = [
  ...FIELDS,
  {
    field: "scrub",
    name: "scrub",
    form: "flag",
    unit: "0 or 1",
    from: 0,
    generation: "modern",
    sentence: "scrub_pages: whether a page is cleared before it leaves. At boot: the option `scrub`.",
  },
  {
    field: "hotplug_unpopulated",
    name: "hotplugUnpopulated",
    form: "flag",
    unit: "0 or 1",
    from: 0,
    generation: "modern",
    sentence:
      "xen.balloon.hotplug_unpopulated: whether a caller that wants ballooned pages waits for hot-added ones. Only a guest with hotplug and without high memory can set it. At boot: 0.",
  },
];
