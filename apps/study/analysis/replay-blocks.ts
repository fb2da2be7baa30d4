/** The figures and the table of replays. */
import { type BarChart, type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import { formatBytes } from "../report/number-text.js";
import { median } from "../statistics.js";
import type { MeasureName } from "../study.js";
import type { Analysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { listsGuests } from "./contrasts.js";
import { countText, durationText, levelsText, percentText, sizeText } from "./figures.js";
import { nameOf, partOf } from "./replay-answer.js";
import { bandCharts } from "./replay-bands.js";
import { type Replayed, type ReplayGroup, replayGroups } from "./replays.js";
import type { ShownFigure } from "./shown-figure.js";
import { axisUnit } from "./units.js";

/** More guests than this are drawn by their extremes: the rest is in the table. */
const MOST_SERIES = 6;
/** More guests or groups than this are drawn as bars by their extremes and the median, and guests by bands, too. */
const MOST_BARS = 10;
/** More groups than this have no bands. */
const MOST_GROUPS = 4;

interface ReplayColumn {
  readonly heading: string;
  /** The measure with which it is shown; null where it always is. */
  readonly measure: MeasureName | null;
  readonly value: (of: Replayed) => number;
  readonly show: (value: number) => string;
}

const COLUMNS: readonly ReplayColumn[] = [
  { heading: "size at boot", measure: null, value: ({ replay }) => replay.sizePages, show: sizeText },
  { heading: "sold", measure: null, value: ({ replay }) => replay.soldPages, show: sizeText },
  { heading: "targets", measure: null, value: ({ replay }) => replay.targets, show: countText },
  { heading: "moved out", measure: "pagesMoved", value: ({ exact }) => exact.pagesOut, show: sizeText },
  { heading: "moved in", measure: "pagesMoved", value: ({ exact }) => exact.pagesIn, show: sizeText },
  { heading: "memory_op calls", measure: "memoryOps", value: ({ exact }) => exact.memoryOps, show: countText },
  { heading: "retries", measure: "retries", value: ({ exact }) => exact.retries, show: countText },
  { heading: "waited", measure: "waitedSeconds", value: ({ exact }) => exact.waitedSeconds, show: durationText },
  { heading: "rows missed", measure: "missedPages", value: ({ replay }) => replay.missedRows, show: countText },
  { heading: "rows short", measure: "shortPages", value: ({ replay }) => replay.shortRows, show: countText },
  { heading: "short", measure: "shortPages", value: ({ replay }) => replay.shortPages, show: sizeText },
  { heading: "given back", measure: "givenBackPages", value: ({ replay }) => replay.givenBackPages, show: sizeText },
  { heading: "linear memory", measure: "memoryBytes", value: ({ exact }) => exact.memoryBytes, show: formatBytes },
];

const NOTE =
  "Sold: the memory that the guest paid for, on average over the time of the replay. Given back: what of it the guest did not hold, likewise. Retries and waited: runs of the worker that could not move all, and the virtual time until the next. Row: a line of the demand file; short are rows at which the guest wanted memory that its balloon still had, and that memory; missed are rows whose target was not reached before the next.";

/** The measures that the table of replays shows. */
export const REPLAY_MEASURES: ReadonlySet<MeasureName> = new Set(COLUMNS.flatMap(({ measure }) => measure ?? []));

/** The guests by what they gave back, and the course of each; of many the extremes. */
export function replayFigures(analysis: Analysis): readonly ShownFigure[] {
  const groups = replayGroups(analysis);
  const guests = groups.flatMap((group) => group.guests);
  if (guests.length === 0) return [];
  const ranked = guests.toSorted((a, b) => partOf([b]) - partOf([a]));
  const drawn = ranked.length <= MOST_SERIES ? guests : extremes(ranked, MOST_SERIES);
  const charts = [
    ...(guests.length > 1 ? [rankedChart(analysis, groups, ranked)] : []),
    ...groups.flatMap((group) =>
      group.guests.length > MOST_BARS && groups.length <= MOST_GROUPS ? bandCharts(group) : [],
    ),
    ...drawn.map(({ one, replay }) => {
      const { timeMs, usedPages, targetPages, currentPages } = replay.series;
      const { name: unit, worth } = axisUnit("pages", Math.max(replay.mostPages, ...usedPages));
      const inUnit = (pages: readonly number[]): number[] => pages.map((value) => value / worth);
      return {
        kind: "series" as const,
        caption: nameOfCase(analysis, one),
        timesMs: timeMs,
        yLabel: unit,
        curves: [
          { label: "used", values: inUnit(usedPages) },
          { label: "target", values: inUnit(targetPages) },
          { label: "size", values: inUnit(currentPages) },
        ],
      };
    }),
  ];
  return charts.map((chart) => ({ chart, factor: null, pass: null }));
}

function rankedChart({ study }: Analysis, groups: readonly ReplayGroup[], ranked: readonly Replayed[]): BarChart {
  const row = (label: string, list: readonly Replayed[]): Row => ({
    label,
    value: 100 * partOf(list),
    text: percentText(partOf(list)),
  });
  const common = { kind: "bars", xLabel: "given back, % of what was sold" } as const;
  if (groups.length > 1) {
    const { rows, which } = cut(groups.map(({ label, guests }) => row(label, guests)));
    return { ...common, caption: `What balloons gave back, all guests together${which}`, rows };
  }
  const { rows, which } = cut(
    ranked.map((guest) => row(study.factors.length > 0 ? nameOf(guest) : "the guest", [guest])),
  );
  return { ...common, caption: `What each guest's balloon gave back${which}`, rows };
}

type Row = BarChart["rows"][number];

/** Cuts many rows to the extremes, with the median between them, and says so. */
function cut(rows: readonly Row[]): { readonly rows: readonly Row[]; readonly which: string } {
  if (rows.length <= MOST_BARS) return { rows, which: "." };
  const half = MOST_BARS / 2;
  const ranked = rows.toSorted((a, b) => b.value - a.value);
  const middle = median(rows.map(({ value }) => value));
  const between = { label: `median of ${rows.length}`, value: middle, text: percentText(middle / 100) };
  return {
    rows: [...ranked.slice(0, half), between, ...ranked.slice(-half)],
    which: `: the ${half} greatest, the median and the ${half} least of ${rows.length}.`,
  };
}

/** The first and the last of a list. */
function extremes<T>(list: readonly T[], most: number): readonly T[] {
  return [...list.slice(0, most / 2), ...list.slice(-most / 2)];
}

/** A table with a row for each guest and the sum of each group. */
export function replayTables(analysis: Analysis): readonly Block[] {
  const groups = replayGroups(analysis);
  if (groups.length === 0) return [];
  const { study } = analysis;
  const of = caseColumns(study);
  const withVm = !study.factors.some(listsGuests);
  const columns = COLUMNS.filter(({ measure }) => measure === null || study.measures.includes(measure));
  const withPart = study.measures.includes("givenBackPages");
  const numbers = (list: readonly Replayed[]): Cell[] => {
    const cells = columns.map(({ value, show }) => ({
      text: show(list.reduce((total, one) => total + value(one), 0)),
    }));
    return withPart ? [...cells, { text: percentText(partOf(list)) }] : cells;
  };
  const vmOf = ({ one }: Replayed): Cell[] => (withVm ? [{ text: one.settings.vm ?? "" }] : []);
  return [
    {
      kind: "table",
      caption: "What each balloon did for its demand.",
      columns: [
        ...of.columns,
        ...textColumns(withVm ? ["vm"] : []),
        ...numberColumns(columns.map(({ heading }) => heading)),
        ...numberColumns(withPart ? ["% of sold"] : []),
      ],
      rows: groups.flatMap(({ guests }) => {
        const rows = guests.map((guest) => [...of.cells(guest.one), ...vmOf(guest), ...numbers([guest])]);
        if (guests.length === 1) return rows;
        const shared = of
          .cells(guests[0].one)
          .map((cell, i) => (cell.text === of.cells(guests[1].one)[i].text ? cell : { text: "all" }));
        return [...rows, [...shared, ...(withVm ? [{ text: "all" }] : []), ...numbers(guests)]];
      }),
      note: NOTE,
    },
  ];
}

function nameOfCase({ study }: Analysis, one: Replayed["one"]): string {
  const seed = study.seeds.length > 1 ? `, seed ${one.seed}` : "";
  const levels = levelsText(study.factors, one);
  return `${levels === "" ? (one.settings.vm ?? study.name) : levels}${seed}: the memory that the guest uses, its target and its size.`;
}
