/** The table and charts of replays. */
import { PAGE_BYTES } from "xen-balloon/core";
import { type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import type { ExactMeasures, ReplayMeasures } from "../results.js";
import type { MeasureName } from "../study.js";
import type { Analysis, CaseAnalysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { listsGuests } from "./contrasts.js";
import { levelsText, percentText, sizeText } from "./figures.js";

const MOST_CHARTS = 48;

/** A case that replayed a demand. */
export interface Replayed {
  readonly one: CaseAnalysis;
  readonly exact: ExactMeasures;
  readonly replay: ReplayMeasures;
}

/** The guests of one demand that were run with the same settings. */
export interface ReplayGroup {
  /** The levels that they share; `""` where there is one group. */
  readonly label: string;
  readonly guests: readonly Replayed[];
}

/** Groups the cases that replayed a demand, in the order of the plan. */
export function replayGroups({ study, cases }: Analysis): readonly ReplayGroup[] {
  const names = study.factors.filter((factor) => !listsGuests(factor)).map(({ name }) => name);
  const groups = new Map<string, Replayed[]>();
  for (const one of cases) {
    const { exact } = one;
    if (exact === null || exact.replay === null) continue;
    const seed = study.seeds.length > 1 ? [`seed=${one.seed}`] : [];
    const label = [levelsText(names, one), ...seed].filter((text) => text !== "").join(", ");
    const guests = groups.get(label) ?? [];
    groups.set(label, guests);
    guests.push({ one, exact, replay: exact.replay });
  }
  return [...groups].map(([label, guests]) => ({ label, guests }));
}

interface ReplayColumn {
  readonly heading: string;
  /** The measure with which it is shown; null where it always is. */
  readonly measure: MeasureName | null;
  readonly value: (of: Replayed) => number;
  readonly show: (value: number) => string;
}

const sizeOf = ({ replay }: Replayed): number => replay.sizePages;
const givenBack = ({ replay }: Replayed): number => replay.givenBackPages;

const COLUMNS: readonly ReplayColumn[] = [
  { heading: "size", measure: null, value: sizeOf, show: sizeText },
  { heading: "targets", measure: null, value: ({ replay }) => replay.targets, show: String },
  { heading: "out", measure: "pagesMoved", value: ({ exact }) => exact.pagesOut, show: sizeText },
  { heading: "in", measure: "pagesMoved", value: ({ exact }) => exact.pagesIn, show: sizeText },
  { heading: "memory_op", measure: "memoryOps", value: ({ exact }) => exact.memoryOps, show: String },
  { heading: "retries", measure: "retries", value: ({ exact }) => exact.retries, show: String },
  { heading: "waited", measure: "waitedSeconds", value: ({ exact }) => exact.waitedSeconds, show: (s) => `${s} s` },
  { heading: "short rows", measure: "shortPages", value: ({ replay }) => replay.shortRows, show: String },
  { heading: "short pages", measure: "shortPages", value: ({ replay }) => replay.shortPages, show: String },
  { heading: "given back", measure: "givenBackPages", value: givenBack, show: sizeText },
  {
    heading: "linear memory",
    measure: "memoryBytes",
    value: ({ exact }) => exact.memoryBytes / PAGE_BYTES,
    show: sizeText,
  },
];

/** The measures that the table of replays shows. */
export const REPLAY_MEASURES: ReadonlySet<MeasureName> = new Set(COLUMNS.flatMap(({ measure }) => measure ?? []));

/** Makes a table with a row for each guest and the sum of each group, and a chart for each guest. */
export function replayBlocks(analysis: Analysis): readonly Block[] {
  const groups = replayGroups(analysis);
  if (groups.length === 0) return [];
  const guests = groups.flatMap((group) => group.guests);
  const cut = guests.length > MOST_CHARTS;
  const blocks: Block[] = [replayTable(analysis, groups)];
  if (cut) blocks.push({ kind: "paragraph", text: `Drawn are the first ${MOST_CHARTS} of ${guests.length} replays.` });
  for (const { one, replay } of guests.slice(0, MOST_CHARTS)) {
    const { timeMs, usedPages, targetPages, currentPages } = replay.series;
    blocks.push({
      kind: "series",
      caption: nameOf(analysis, one),
      timesMs: timeMs,
      yLabel: "pages",
      curves: [
        { label: "used", values: usedPages },
        { label: "target", values: targetPages },
        { label: "size", values: currentPages },
      ],
    });
  }
  return blocks;
}

function replayTable({ study }: Analysis, groups: readonly ReplayGroup[]): Block {
  const of = caseColumns(study);
  const withVm = !study.factors.some(listsGuests);
  const columns = COLUMNS.filter(({ measure }) => measure === null || study.measures.includes(measure));
  const withPart = study.measures.includes("givenBackPages");
  const numbers = (list: readonly Replayed[]): Cell[] => {
    const sum = (value: (one: Replayed) => number) => list.reduce((total, one) => total + value(one), 0);
    const cells = columns.map(({ value, show }) => ({ text: show(round(sum(value))) }));
    return withPart ? [...cells, { text: percentText(sum(givenBack) / sum(sizeOf)) }] : cells;
  };
  const vmOf = ({ one }: Replayed): Cell[] => (withVm ? [{ text: one.settings.vm ?? "" }] : []);
  return {
    kind: "table",
    caption: "What each balloon did for its demand; given back is an average over the time of the replay.",
    columns: [
      ...of.columns,
      ...textColumns(withVm ? ["vm"] : []),
      ...numberColumns(columns.map(({ heading }) => heading)),
      ...numberColumns(withPart ? ["% of size"] : []),
    ],
    rows: groups.flatMap(({ guests }) => {
      const rows = guests.map((guest) => [...of.cells(guest.one), ...vmOf(guest), ...numbers([guest])]);
      if (guests.length === 1) return rows;
      const shared = of
        .cells(guests[0].one)
        .map((cell, i) => (cell.text === of.cells(guests[1].one)[i].text ? cell : { text: "all" }));
      return [...rows, [...shared, ...(withVm ? [{ text: "all" }] : []), ...numbers(guests)]];
    }),
  };
}

/** Drops the digits that sums of fractions get from rounding. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

function nameOf({ study }: Analysis, one: CaseAnalysis): string {
  const levels = levelsText(
    study.factors.map(({ name }) => name),
    one,
  );
  const seed = study.seeds.length > 1 ? `seed=${one.seed}` : "";
  const vm = study.factors.some(listsGuests) ? "" : (one.settings.vm ?? "");
  return [levels, seed, vm].filter((text) => text !== "").join(", ") || one.id;
}
