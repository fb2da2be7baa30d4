/** The axes of charts: the position of a value between the ends of an axis, and the ticks. */
import { formatNumber, formatPower } from "./number-text.js";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** An axis: its ticks, and the position of any value. */
export interface Axis {
  readonly ticks: readonly Tick[];
  /** 0 at the low end, 1 at the high end. */
  readonly position: (value: number) => number;
}

const LINEAR_UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
] as const;
const MARGIN = 0.04;
/** The ticks within a decade; the first row that gives few enough of them is taken. */
const MANTISSAS = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]];
/** A logarithmic axis with fewer ticks than this gets even steps instead. */
const FEW_TICKS = 3;
/** The exponents of ten whose values are written in full; an axis beyond them is labelled with powers. */
const PLAIN_DECADES = [-3, 5];
/** The same for exponents of two. */
const PLAIN_OCTAVES = [-3, 19];
const TIME_UNITS = [
  [86_400_000, "d", [1, 2, 7, 14, 28, 56, 112, 364]],
  [3_600_000, "h", [1, 2, 3, 6, 12]],
  [60_000, "min", [1, 2, 5, 10, 15, 30]],
  [1000, "s", [1, 2, 5, 10, 15, 30]],
  [1, "ms", [1, 2, 5, 10, 20, 50, 100, 200, 500]],
] as const;

/** Makes a linear axis from 0, or from the least value where that is less, to a tick at or above the greatest. */
export function linearAxis(least: number, greatest: number, mostTicks: number): Axis {
  const low = Math.min(0, least);
  const high = greatest > 0 || low < 0 ? Math.max(0, greatest) : 1;
  const step = evenStep(high - low, mostTicks);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ends = Math.max(Math.abs(first), Math.abs(last)) * step;
  const [factor, suffix] = LINEAR_UNITS.find(([unit]) => ends >= unit * 10) ?? [1, ""];
  const ticks = evenTicks(first, last, step).map((value) => ({
    value,
    label: value === 0 ? "0" : `${shorten(value / factor)}${suffix}`,
  }));
  return { ticks, position: (value) => (value / step - first) / (last - first) };
}

/**
 * Makes a logarithmic axis over values above 0, with a margin on both sides.
 *
 * @param leastFactor - the least ratio of the ends, so that noise does not look large.
 * @param base - the base of the ticks. Default: 10.
 * @param format - labels a tick of base 2. Default: in full where that is short, else as a power.
 */
export function logAxis(
  least: number,
  greatest: number,
  {
    leastFactor,
    mostTicks,
    base = 10,
    format,
  }: { leastFactor: number; mostTicks: number; base?: 2 | 10; format?: ((value: number) => string) | undefined },
): Axis {
  const middle = (Math.log10(least) + Math.log10(greatest)) / 2;
  const span = Math.max(Math.log10(greatest) - Math.log10(least), Math.log10(leastFactor)) * (1 + 2 * MARGIN);
  const low = middle - span / 2;
  const high = middle + span / 2;
  const ticks = base === 2 ? octaveTicks(low, high, mostTicks, format) : decadeTicks(low, high, mostTicks);
  return { ticks, position: (value) => (Math.log10(value) - low) / span };
}

/** Makes a linear axis over values, with a margin on both sides; its ticks are the values, with gaps where they are many. */
export function valuesAxis(values: readonly number[], mostTicks: number): Axis {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  const span = (greatest > least ? greatest - least : Math.abs(least) || 1) * (1 + 2 * MARGIN);
  const low = (least + greatest - span) / 2;
  let last = Number.NEGATIVE_INFINITY;
  const shown = sorted.filter((value) => {
    if (value - last < span / mostTicks) return false;
    last = value;
    return true;
  });
  return {
    ticks: shown.map((value) => ({ value, label: shorten(value) })),
    position: (value) => (value - low) / span,
  };
}

/** Makes a time axis from the first time to the last, in ms; ticks are whole ms, seconds, minutes, hours or days. */
export function timeAxis(firstMs: number, lastMs: number, mostTicks: number): Axis {
  const span = lastMs > firstMs ? lastMs - firstMs : 1;
  const [unitMs, unit, step] = timeStep(span / mostTicks);
  const first = Math.ceil(firstMs / unitMs / step);
  const last = Math.floor((firstMs + span) / unitMs / step);
  const ticks = evenTicks(first, last, step).map((units) => ({
    value: units * unitMs,
    label: units === 0 ? "0" : `${shorten(units)} ${unit}`,
  }));
  return { ticks, position: (value) => (value - firstMs) / span };
}

/** The step between ticks: 1, 2 or 5 times a power of ten. */
function evenStep(span: number, mostTicks: number): number {
  const rough = span / mostTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}

/** The multiples of a step, from the first to the last. */
function evenTicks(first: number, last: number, step: number): number[] {
  const ticks: number[] = [];
  for (let multiple = first; multiple <= last; multiple++) ticks.push(Number((multiple * step).toPrecision(12)));
  return ticks;
}

function timeStep(leastMs: number): readonly [unitMs: number, unit: string, step: number] {
  for (const [unitMs, unit, steps] of TIME_UNITS.toReversed()) {
    const step = steps.find((units) => units * unitMs >= leastMs);
    if (step !== undefined) return [unitMs, unit, step];
  }
  const [dayMs, day] = TIME_UNITS[0];
  return [dayMs, day, evenStep(leastMs / dayMs, 1)];
}

function octaveTicks(
  low: number,
  high: number,
  mostTicks: number,
  format: ((value: number) => string) | undefined,
): Tick[] {
  const first = Math.ceil(low / Math.log10(2));
  const last = Math.floor(high / Math.log10(2));
  const step = Math.ceil((last - first + 1) / mostTicks);
  const exponents = evenTicks(Math.ceil(first / step), Math.floor(last / step), step);
  const plain = within(PLAIN_OCTAVES, exponents);
  return exponents.map((exponent) => ({
    value: 2 ** exponent,
    label: format?.(2 ** exponent) ?? (plain ? formatNumber(2 ** exponent) : formatPower(2, exponent)),
  }));
}

function decadeTicks(low: number, high: number, mostTicks: number): Tick[] {
  const between = (values: readonly number[]): number[] =>
    values.filter((value) => Number.isFinite(value) && Math.log10(value) >= low && Math.log10(value) <= high);
  const decades = evenTicks(Math.floor(low), Math.ceil(high), 1);
  for (const mantissas of MANTISSAS) {
    const ticks = between(
      decades.flatMap((exponent) => mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`))),
    );
    if (ticks.length > mostTicks) continue;
    if (ticks.length >= FEW_TICKS) return ticks.map((value) => ({ value, label: tickText(value, decades) }));
    const [from, to] = [10 ** low, 10 ** high];
    const step = evenStep(to - from, mostTicks);
    return between(evenTicks(Math.ceil(from / step), Math.floor(to / step), step)).map((value) => ({
      value,
      label: shorten(value),
    }));
  }
  const step = Math.ceil(decades.length / mostTicks);
  const exponents = evenTicks(Math.ceil(low / step), Math.floor(high / step), step);
  return exponents.map((exponent) => ({
    value: Number(`1e${exponent}`),
    label: within(PLAIN_DECADES, exponents) ? shorten(Number(`1e${exponent}`)) : formatPower(10, exponent),
  }));
}

/** Labels a tick in full where all decades of the axis are plain, else with a power of ten. */
function tickText(value: number, decades: readonly number[]): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  if (within(PLAIN_DECADES, decades.slice(1, -1))) return shorten(value);
  const mantissa = shorten(value / 10 ** exponent);
  return mantissa === "1" ? formatPower(10, exponent) : `${mantissa}·${formatPower(10, exponent)}`;
}

function within([least, most]: readonly number[], exponents: readonly number[]): boolean {
  return exponents.every((exponent) => exponent >= least && exponent <= most);
}

function shorten(value: number): string {
  return formatNumber(Number(value.toPrecision(6)), 6);
}
