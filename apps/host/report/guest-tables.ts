/** A row for each guest of a run, the worst first; of many the worst, and how the others spread. */
import type { GuestOutcome } from "xen-balloon/toolstack";
import { countText } from "../../study/analysis/figures.js";
import { type Cell, numberColumns, type Table, textColumns } from "../../study/report/document.js";
import { quantile } from "../../study/statistics.js";
import { type HostRun, hasRun, type Point } from "./points.js";
import { NO_REASON, REASON_WORDS } from "./reason-words.js";
import { gibHoursText, sizeWords, timeWords } from "./words.js";

/** The most guests in a table: if there are more, it shows the worst. */
const MOST_ROWS = 10;
const PAGE_KIB = 4;

interface GuestColumn {
  readonly heading: string;
  readonly value: (guest: GuestOutcome) => number;
  readonly show: (value: number) => string;
}

/** Shown where not every guest ran all the time. */
const RAN: GuestColumn = { heading: "ran for", value: ({ ranMs }) => ranMs, show: timeWords };

const orNever = (ms: number): string => (ms === 0 ? "never" : timeWords(ms));

const COLUMNS: readonly GuestColumn[] = [
  { heading: "asked", value: ({ askedKibMs, ranMs }) => average(askedKibMs, ranMs), show: sizeWords },
  { heading: "got", value: ({ gotKibMs, ranMs }) => average(gotKibMs, ranMs), show: sizeWords },
  { heading: "short, GiB·h", value: ({ shortKibMs }) => shortKibMs, show: gibHoursText },
  { heading: "short for", value: ({ shortMs }) => shortMs, show: orNever },
  { heading: "at worst", value: ({ worstShortKib }) => worstShortKib, show: sizeWords },
  { heading: "at or below minimum for", value: ({ atMinimumMs }) => atMinimumMs, show: orNever },
  { heading: "times", value: ({ atMinimumTimes }) => atMinimumTimes, show: countText },
  {
    heading: "moved",
    value: ({ pagesOut, pagesIn }) => (pagesOut + pagesIn) * PAGE_KIB,
    show: sizeWords,
  },
];

const NOTE =
  "Asked: the memory that the guest's programs wanted, on average; got: the part of it that they had in memory. At worst: the most that it was short of. Times: how often it was brought down to its minimum. Moved: what its balloon took and gave, both ways. Reason: that of the greatest part of the shortage.";

/** A table for each policy, of its fastest run. */
export function guestTables(points: readonly Point[]): readonly Table[] {
  return points.map((point, at) => ({
    ...guestTable(point.runs[0], `The guests under ${point.curve} on ${sizeWords(point.totalKib)}`),
    ...(at === points.length - 1 && { note: NOTE }),
  }));
}

function guestTable({ outcome: { guests, spanMs } }: HostRun, what: string): Table {
  const absent = guests.filter((guest) => !hasRun(guest));
  const ran = guests.filter(hasRun).sort((a, b) => b.shortKibMs - a.shortKibMs);
  const shown = guests.length <= MOST_ROWS ? ran : ran.slice(0, MOST_ROWS);
  const others = ran.slice(shown.length);
  const columns = ran.every(({ ranMs }) => ranMs === spanMs) ? COLUMNS : [RAN, ...COLUMNS];
  return {
    kind: "table",
    caption: `${what}${others.length > 0 ? `: the ${shown.length} worst off, and the spread of the other ${others.length}` : ""}.`,
    columns: [
      ...textColumns(["guest"]),
      ...numberColumns(columns.map(({ heading }) => heading)),
      ...textColumns(["reason"]),
    ],
    rows: [
      ...absent.map(({ name }): Cell[] => [
        { text: name },
        { text: "never ran", muted: true },
        ...columns.slice(1).map((): Cell => ({ text: "–", muted: true })),
        { text: "see\u00a0below", muted: true },
      ]),
      ...shown.map((guest): Cell[] => [
        { text: guest.name },
        ...columns.map(({ value, show }) => cell(value(guest), show)),
        { text: reasonOf(guest) },
      ]),
      ...(others.length > 0 ? spreadRows(columns, others) : []),
    ],
  };
}

/** The greatest, the median and the least of each column by itself. */
function spreadRows(columns: readonly GuestColumn[], others: readonly GuestOutcome[]): readonly Cell[][] {
  const sorted = columns.map(({ value }) => others.map(value).sort((a, b) => a - b));
  const ends: readonly (readonly [label: string, part: number])[] = [
    ["others:\u00a0most", 1],
    ["others:\u00a0median", 0.5],
    ["others:\u00a0least", 0],
  ];
  return ends.map(([label, part]) => [
    { text: label },
    ...columns.map(({ show }, column) => cell(quantile(sorted[column], part), show)),
    { text: "" },
  ]);
}

/** The reason of the greatest part of a guest's shortage; "" of none. */
function reasonOf({ shortKibMs, reasons }: GuestOutcome): string {
  if (shortKibMs === 0) return "";
  return reasons.length === 0 ? NO_REASON : REASON_WORDS[reasons[0].reason].label;
}

function cell(value: number, show: (value: number) => string): Cell {
  return { text: show(value), ...(value === 0 && { muted: true }) };
}

/** The average over the time that a guest ran; 0 where it had no time to run. */
function average(kibMs: number, ms: number): number {
  return ms === 0 ? 0 : kibMs / ms;
}
