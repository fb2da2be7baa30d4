/** The curves of a run: what the guest and its machine were from each moment on. */
import type { Sample } from "../session/messages.js";

/** A curve that is compared. */
export interface Series {
  readonly name: string;
  readonly unit: "pages" | "tries";
  readonly of: (sample: Sample) => number;
}

/** The names of the columns. */
export type SeriesName = "current" | "target" | "hostFree" | "credit" | "retries";

/** The curves that are compared. */
export const SERIES: Readonly<Record<SeriesName, Series>> = {
  current: { name: "current", unit: "pages", of: ({ stats }) => stats.current_pages },
  target: { name: "target", unit: "pages", of: ({ stats }) => stats.target_pages },
  hostFree: { name: "host free", unit: "pages", of: ({ hostFreeFrames }) => hostFreeFrames },
  credit: { name: "credit", unit: "pages", of: ({ creditPages }) => creditPages },
  retries: { name: "retry_count", unit: "tries", of: ({ stats }) => stats.retry_count },
};

export const SERIES_NAMES = Object.keys(SERIES) as readonly SeriesName[];

/** Columns with an entry for each moment. Of all that happens at one time the last holds. */
export interface Moments {
  /** Virtual time in ms, rising. */
  readonly timeMs: number[];
  readonly values: Readonly<Record<SeriesName, number[]>>;
}

export function noMoments(): Moments {
  return { timeMs: [], values: { current: [], target: [], hostFree: [], credit: [], retries: [] } };
}

/** Appends samples, oldest first. */
export function append({ timeMs, values }: Moments, samples: readonly Sample[]): void {
  for (const sample of samples) {
    if (timeMs.at(-1) !== sample.nowMs) timeMs.push(sample.nowMs);
    const at = timeMs.length - 1;
    for (const name of SERIES_NAMES) values[name][at] = SERIES[name].of(sample);
  }
}
