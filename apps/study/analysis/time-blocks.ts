/** The tables and charts of time: the passes of each case, the effects of levels on them, and their growth. */
import { type Block, type Cell, numberColumns, textColumns } from "../report/document.js";
import type { SampleEstimate } from "../statistics.js";
import type { Analysis } from "./analysis.js";
import { caseColumns } from "./case-columns.js";
import { estimateText, intervalText } from "./figures.js";
import type { TimeRatio } from "./noise.js";
import { PASSES, type Pass, WAYS } from "./runs.js";
import type { TimeEffect } from "./time-effects.js";

/** The names of the passes in headings. */
const PASS_NAMES: Readonly<Record<Pass, string>> = { first: "First pass", warm: "Warm passes" };

const NOTHING: Cell = { text: "", muted: true };

/** Shows the times; empty where none are measured. */
export function timeBlocks(analysis: Analysis): readonly Block[] {
  return [
    ...PASSES.flatMap((pass) => passTable(analysis, pass)),
    ...PASSES.flatMap((pass) => mainChart(analysis, pass)),
    ...mainTable(analysis),
    ...analysis.study.factors.flatMap(({ name }) => pairTable(analysis, name)),
    ...scalingBlocks(analysis),
  ];
}

/** A cell with a ratio, or the words that it shows no difference. */
function ratioCell(ratio: TimeRatio | undefined): Cell {
  if (ratio === undefined) return NOTHING;
  if (ratio.real) return { text: estimateText(ratio) };
  return { text: `no difference shown ${intervalText(ratio)}`, muted: true };
}

function passTable({ study, cases }: Analysis, pass: Pass): readonly Block[] {
  const timed = cases.filter(({ nsPerPage }) => nsPerPage[pass].both !== null);
  if (timed.length === 0) return [];
  const of = caseColumns(study);
  const cell = (time: SampleEstimate | null): Cell => (time === null ? NOTHING : { text: estimateText(time) });
  return [
    {
      kind: "table",
      caption: `${PASS_NAMES[pass]}, ns/page: median over processes with its 95 % interval, and how many processes.`,
      columns: [...of.columns, ...numberColumns([...WAYS, "n"])],
      rows: timed.map((one) => [
        ...of.cells(one),
        ...WAYS.map((way) => cell(one.nsPerPage[pass][way])),
        { text: String(one.nsPerPage[pass].both?.n ?? 0) },
      ]),
    },
  ];
}

function mainChart({ timeEffects, noiseFloors }: Analysis, pass: Pass): readonly Block[] {
  const effects = timeEffects.filter((effect) => effect.pass === pass);
  if (effects.length === 0) return [];
  return [
    {
      kind: "ratio",
      caption: `${PASS_NAMES[pass]}: time of each level over that of its factor's baseline.`,
      xLabel: "slower than the baseline",
      noiseFloor: noiseFloors[pass],
      rows: effects.map(({ factor, level, main }) => ({
        label: `${factor}=${level}`,
        ratio: { value: main.value, low: main.low, high: main.high },
        muted: !main.real,
      })),
    },
  ];
}

function mainTable({ study, timeEffects }: Analysis): readonly Block[] {
  if (timeEffects.length === 0) return [];
  const passes = PASSES.filter((pass) => timeEffects.some((effect) => effect.pass === pass));
  const levels = study.factors.flatMap(({ name, baseline, levels }) =>
    levels.map(({ label }) => ({ factor: name, level: label, baseline })),
  );
  const find = (factor: string, level: string) =>
    timeEffects.filter((effect) => effect.factor === factor && effect.level === level);
  const rows = levels.filter(({ factor, level }) => find(factor, level).length > 0);
  const pairs = study.fraction === 1 ? "cases that differ in it alone" : "all cases, effects mixed with interactions";
  return [
    {
      kind: "table",
      caption: `Main effects: time over the baseline's, geometric mean over ${pairs}; above 1 is slower.`,
      columns: [
        ...textColumns(["factor", "level", "baseline"]),
        ...numberColumns(passes.map((pass) => PASS_NAMES[pass].toLowerCase())),
      ],
      rows: rows.map(({ factor, level, baseline }) => [
        ...[factor, level, baseline].map((text) => ({ text })),
        ...passes.map((pass) => ratioCell(find(factor, level).find((effect) => effect.pass === pass)?.main)),
      ]),
    },
  ];
}

/** A table of every pair of a factor; none where the main effect is of one pair. */
function pairTable({ study, cases, timeEffects }: Analysis, factor: string): readonly Block[] {
  const effects = timeEffects.filter((effect) => effect.factor === factor);
  if (!effects.some(({ pairs }) => pairs.length > 1)) return [];
  const passes = PASSES.filter((pass) => effects.some((effect) => effect.pass === pass));
  const levels = [...new Set(effects.map(({ level }) => level))];
  const ratioOf = (id: string, pass: Pass) => findPair(effects, id, pass)?.ratio;
  const others = caseColumns(study, factor);
  const baseline = study.factors.find(({ name }) => name === factor)?.baseline;
  return [
    {
      kind: "table",
      caption: `Time with each ${factor} over that with ${factor}=${baseline}, all else the same; above 1 is slower.`,
      columns: [
        ...textColumns([factor]),
        ...others.columns,
        ...numberColumns(passes.map((pass) => PASS_NAMES[pass].toLowerCase())),
      ],
      rows: levels.flatMap((level) =>
        cases
          .filter(({ id, levels }) => levels[factor] === level && passes.some((pass) => ratioOf(id, pass)))
          .map((one) => [
            { text: level },
            ...others.cells(one),
            ...passes.map((pass) => ratioCell(ratioOf(one.id, pass))),
          ]),
      ),
    },
  ];
}

function findPair(effects: readonly TimeEffect[], id: string, pass: Pass): TimeEffect["pairs"][number] | undefined {
  return effects.flatMap((effect) => (effect.pass === pass ? effect.pairs : [])).find((pair) => pair.case === id);
}

/** A chart for each factor and pass, and under it the growth of each line. */
function scalingBlocks({ study, scalings }: Analysis): readonly Block[] {
  return study.factors.flatMap(({ name }) =>
    PASSES.flatMap((pass): Block[] => {
      const lines = scalings.filter((line) => line.factor === name && line.pass === pass);
      if (lines.length === 0) return [];
      return [
        {
          kind: "scaling",
          caption: `${PASS_NAMES[pass]}: time by ${lines[0].setting}.`,
          xLabel: lines[0].setting,
          yLabel: "ns per pass, out and in",
          lines: lines.map(({ label, points }) => ({
            label: label === "" ? "time" : label,
            points: points.map(({ x, y: { value, low, high } }) => ({ x, y: { value, low, high } })),
          })),
        },
        ...lines.flatMap(({ label, setting, exponent }) =>
          exponent === null ? [] : [paragraph(growthText(label, setting, pass, exponent))],
        ),
      ];
    }),
  );
}

function growthText(label: string, setting: string, pass: Pass, exponent: SampleEstimate): string {
  const where = label === "" ? "" : ` (${label})`;
  return `${PASS_NAMES[pass]}${where}: time grows as ${setting}^${exponent.value.toFixed(2)} [${exponent.low.toFixed(2)}, ${exponent.high.toFixed(2)}].`;
}

function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}
