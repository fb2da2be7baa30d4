/** Chooses the units of axes. */
import { PAGE_BYTES } from "xen-balloon/core";
import { unitOf } from "./figures.js";

/** A unit of an axis: its name, and how many of the measure's own one of it is. */
export interface AxisUnit {
  readonly name: string;
  readonly worth: number;
}

const BYTES: readonly AxisUnit[] = ["KiB", "MiB", "GiB", "TiB"].map((name, i) => ({ name, worth: 1024 ** (i + 1) }));
const UNITS: Readonly<Record<string, readonly AxisUnit[]>> = {
  bytes: BYTES,
  pages: BYTES.map(({ name, worth }) => ({ name, worth: worth / PAGE_BYTES })),
  s: [
    { name: "s", worth: 1 },
    { name: "min", worth: 60 },
    { name: "h", worth: 3600 },
    { name: "d", worth: 86_400 },
  ],
  ns: [
    { name: "ns", worth: 1 },
    { name: "µs", worth: 1e3 },
    { name: "ms", worth: 1e6 },
    { name: "s", worth: 1e9 },
  ],
};
const LEAST = 2;

/**
 * Chooses the largest unit of which the greatest value has two or more.
 *
 * @param unit - the unit of the measure; of one that has no other it is the axis's own.
 * @param most - the greatest value.
 */
export function axisUnit(unit: string, most: number): AxisUnit {
  const units = UNITS[unit] ?? [{ name: unit, worth: 1 }];
  return units.findLast(({ worth }) => most >= LEAST * worth) ?? units[0];
}

/** The axis of a setting that is a number: pages are sizes, in bytes. */
export interface NumberAxis {
  /** Stands after the setting's name; `""` where each tick has its own, or there is none. */
  readonly unit: string;
  readonly xIsBytes: boolean;
  readonly toX: (value: number) => number;
}

export function numberAxis(setting: string): NumberAxis {
  const unit = unitOf(setting);
  const xIsBytes = unit === ", pages";
  return { unit: xIsBytes ? "" : unit, xIsBytes, toX: (value) => (xIsBytes ? value * PAGE_BYTES : value) };
}
