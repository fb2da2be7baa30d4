/** The units of time and of memory, by the names that tables give them. */
import { PAGE_BYTES } from "xen-balloon/core";

/** A unit: its name for readers, and what one of it is in ms or in pages. */
export interface Unit {
  readonly name: string;
  readonly worth: number;
}

/** Units by lower-case spelling, and the spellings that a study may have. */
export interface Units {
  readonly spelled: ReadonlyMap<string, Unit>;
  readonly names: readonly string[];
}

function named(name: string, worth: number, spellings: readonly string[]): (readonly [string, Unit])[] {
  return spellings.map((spelling) => [spelling, { name, worth }] as const);
}

const TIME = new Map([
  ...named("ns", 1e-6, ["ns", "nsec", "nanos", "nanosecond", "nanoseconds"]),
  ...named("µs", 1e-3, ["us", "µs", "μs", "usec", "micros", "microsecond", "microseconds"]),
  ...named("ms", 1, ["ms", "msec", "millis", "millisecond", "milliseconds"]),
  ...named("s", 1000, ["s", "sec", "secs", "second", "seconds"]),
  ...named("min", 60_000, ["min", "mins", "minute", "minutes"]),
  ...named("h", 3_600_000, ["h", "hr", "hrs", "hour", "hours"]),
]);

const MEMORY = new Map([
  ...named("bytes", 1 / PAGE_BYTES, ["b", "byte", "bytes"]),
  ...["k", "m", "g"].flatMap((prefix, i) => {
    const worth = 1024 ** (i + 1) / PAGE_BYTES;
    const letter = prefix.toUpperCase();
    return [
      ...named(`${letter}iB`, worth, [`${prefix}ib`, `${prefix}i`]),
      ...named(`${letter}B of 1024`, worth, [`${prefix}b`, prefix, `${prefix}bytes`]),
    ];
  }),
  ...named("pages", 1, ["page", "pages"]),
]);

/** `worth` is in ms. */
export const TIME_UNITS: Units = { spelled: TIME, names: ["ns", "us", "ms", "s", "min", "h"] };

/** `worth` is in pages. KB, MB and GB are of 1024, because authors of such tables mean that. */
export const MEMORY_UNITS: Units = {
  spelled: MEMORY,
  names: ["B", "KB", "KiB", "MB", "MiB", "GB", "GiB", "pages"],
};

/** @throws Error: no unit has this name */
export function unitOf({ spelled, names }: Units, spelling: string): Unit {
  const unit = spelled.get(spelling.toLowerCase());
  if (unit === undefined) throw new Error(`expected a unit among ${names.join(", ")}, got ${spelling}`);
  return unit;
}
