/** The figures of time: the ratios to the baselines, and the growth with a factor that is a number. */
import type { RatioChart } from "../report/document.js";
import type { Analysis } from "./analysis.js";
import { countText, levelText } from "./figures.js";
import { PASSES, type Pass } from "./runs.js";
import type { ShownFigure } from "./shown-figure.js";
import type { TimeEffect } from "./time-effects.js";
import { axisUnit, numberAxis } from "./units.js";

/** The names of the passes in captions and headings. */
export const PASS_NAMES: Readonly<Record<Pass, string>> = { first: "First pass", warm: "Warm passes" };

/** More ratios than this are drawn by those farthest from 1: the rest is in the table. */
const MOST_ROWS = 24;

export function timeFigures(analysis: Analysis): readonly ShownFigure[] {
  return PASSES.flatMap((pass) => [...ratioFigure(analysis, pass), ...scalingFigures(analysis, pass)]);
}

function ratioFigure({ study, timeEffects, noise, scalings }: Analysis, pass: Pass): readonly ShownFigure[] {
  // a factor that is a number is a curve
  const curves = new Set(scalings.map(({ factor }) => factor));
  const effects = timeEffects.filter((effect) => effect.pass === pass && !curves.has(effect.factor));
  if (effects.length === 0) return [];
  const farthest = effects.toSorted((a, b) => distance(b) - distance(a)).slice(0, MOST_ROWS);
  const shown = effects.filter((effect) => farthest.includes(effect));
  const cut = shown.length < effects.length ? ` The ${MOST_ROWS} of ${effects.length} farthest from 1.` : "";
  const chart: RatioChart = {
    kind: "ratio",
    caption: `${PASS_NAMES[pass]}: time a page with each level over that with its factor's baseline.${cut}`,
    xLabel: "slower than the baseline",
    noiseFloor: noise[pass]?.floor.value ?? null,
    rows: shown.map(({ factor, level, main, pages }) => {
      const of = study.factors.find(({ name }) => name === factor);
      const moved = pages === null ? "" : `, ${countText(pages.to)} pages, not ${countText(pages.from)}`;
      return {
        label: `${factor} ${of === undefined ? level : levelText(of, level)}${moved}`,
        ratio: { value: main.value, low: main.low, high: main.high },
        muted: !main.real,
      };
    }),
  };
  return [{ chart, factor: null, pass }];
}

function distance({ main }: TimeEffect): number {
  return Math.abs(Math.log(main.value));
}

function scalingFigures({ study, scalings }: Analysis, pass: Pass): readonly ShownFigure[] {
  return study.factors.flatMap(({ name }): ShownFigure[] => {
    const lines = scalings.filter((line) => line.factor === name && line.pass === pass);
    if (lines.length === 0) return [];
    const { setting } = lines[0];
    const { unit, toX, xIsBytes } = numberAxis(setting);
    const { name: yUnit, worth } = axisUnit(
      "ns",
      Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y.high))),
    );
    return [
      {
        chart: {
          kind: "scaling",
          caption: `${PASS_NAMES[pass]}: time of a whole pass by ${setting}, with the power law that fits (pale).`,
          xLabel: `${setting}${unit}`,
          xIsBytes,
          yLabel: `${yUnit} a pass, out and in`,
          lines: lines.map(({ label, points, exponent }) => ({
            label: label === "" ? "time" : label,
            points: points.map(({ x, y: { value, low, high } }) => ({
              x: toX(x),
              y: { value: value / worth, low: low / worth, high: high / worth },
            })),
            exponent: exponent?.value ?? null,
          })),
        },
        factor: name,
        pass,
      },
    ];
  });
}
