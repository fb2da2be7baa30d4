/** Says how a demand was read, so that a reader sees at once where it was read otherwise than it was meant. */
import { plural } from "xen-balloon/core";
import type { Column, FoundColumns, GuestColumns } from "./columns.js";
import type { CollectedGuests } from "./guests.js";
import type { DemandSeries } from "./series.js";

/** The most names of guests that are listed. */
const MOST_NAMES = 4;

/**
 * @param format - its name.
 * @returns one line: columns by name, units, guests, rows used of rows read, span and step.
 */
export function sayReading(format: string, columns: FoundColumns, collected: CollectedGuests): string {
  const { guests, rows, times, descends, notes } = collected;
  const { time, hour, vm } = columns;
  const [first] = columns.guests;
  const dropped = [
    ...(rows.equal > 0 ? [`${rows.equal} equal to another`] : []),
    ...(rows.empty > 0 ? [`${rows.empty} without a figure`] : []),
    ...(rows.gaps > 0 ? [`${plural(rows.gaps, "figure")} missing`] : []),
  ];
  const used = rows.read - rows.equal - rows.empty;
  return [
    format,
    `time from ${[time, ...(hour === null ? [] : [hour])].map(quoted).join(" and ")} (${times})`,
    saysUsed(columns.guests),
    ...(first.provisioned === null ? [] : [`sold from ${saysColumn(first.provisioned)}`]),
    saysGuests(guests, vm),
    `${used} of ${plural(rows.read, "row")} used${dropped.length === 0 ? "" : `, ${dropped.join(", ")}`}`,
    ...(descends ? ["read from the end, because the times descend"] : []),
    ...notes,
    ...saysTimes(guests),
  ].join("; ");
}

/** Says how a demand of JSON was read, in the same order. */
export function sayTraces(guests: readonly DemandSeries[]): string {
  const rows = guests.reduce((sum, { points }) => sum + points.length, 0);
  const used = `${rows} of ${plural(rows, "row")} used`;
  return ["JSON", "KiB", saysGuests(guests, null), used, ...saysTimes(guests)].join("; ");
}

function saysUsed(guests: readonly GuestColumns[]): string {
  const [{ used, total }] = guests;
  const first = total === null ? saysColumn(used) : `${saysColumn(total)} less ${saysColumn(used)}`;
  return guests.length === 1 ? `in use from ${first}` : `in use from columns for each guest, such as ${first}`;
}

function quoted({ name }: Column): string {
  return JSON.stringify(name);
}

function saysColumn(column: Column): string {
  return `${quoted(column)} (${column.unit?.name ?? "units in its cells"})`;
}

function saysGuests(guests: readonly DemandSeries[], vm: Column | null): string {
  const names = guests.slice(0, MOST_NAMES).map((guest) => guest.vm);
  if (guests.length === 1 && names[0] === "") return "one guest";
  const more = guests.length > names.length ? " …" : "";
  return `${plural(guests.length, "guest")}${vm === null ? "" : ` by ${quoted(vm)}`}: ${names.join(", ")}${more}`;
}

/** Says the span, and the least and the greatest step of any guest. */
function saysTimes(guests: readonly DemandSeries[]): readonly string[] {
  let [begin, end, least, greatest] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  for (const { points } of guests) {
    begin = Math.min(begin, points[0].timeMs);
    end = Math.max(end, points[points.length - 1].timeMs);
    for (let i = 1; i < points.length; i++) {
      const step = points[i].timeMs - points[i - 1].timeMs;
      if (step < least) least = step;
      if (step > greatest) greatest = step;
    }
  }
  if (greatest === 0) return ["one time"];
  const steps =
    least === greatest ? `a step of ${duration(least)}` : `steps of ${duration(least)} to ${duration(greatest)}`;
  return [`${duration(end - begin)} in all, ${steps}`];
}

const DURATIONS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** Formats ms in the greatest unit of which they are one or more, with at most two decimals. */
function duration(ms: number): string {
  const [unit, worth] = DURATIONS.find(([, one]) => ms >= one) ?? ["ms", 1];
  return `${Number((ms / worth).toFixed(2))} ${unit}`;
}
