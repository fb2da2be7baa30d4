/** The curves of both sides over each other, and beside each pair the difference B − A. */
import type { Band, Line, Scale } from "../charts/curves.js";
import { formatValue } from "../charts/curves.js";
import { type PlotElements, type PlotPlace, Plots } from "../charts/plots.js";
import { formatClock } from "../quantity.js";
import type { Joined, JoinedSeries } from "./joined.js";
import { SERIES, SERIES_NAMES, type SeriesName } from "./moments.js";
import { type Both, NAMES, SIDES } from "./side.js";

/** A line of a side, or of the difference. */
interface SideLine extends Line {
  readonly series: SeriesName;
  readonly of: keyof JoinedSeries;
}

const COLOURS: Both<string> = { a: "--side-a", b: "--side-b" };
const DIFFERENCE_COLOUR = "--side-difference";
/** B is dashed: colours alone do not tell the sides apart for everyone. */
const DASHES: Both<readonly number[]> = { a: [], b: [7, 4] };
/** The second series of a band is dotted. */
const DOTTED: Both<readonly number[]> = { a: [1, 3], b: [4, 3, 1, 3] };

/** The series of each row of charts, with the name of its axis. */
const ROWS: readonly { readonly axis: string; readonly series: readonly SeriesName[] }[] = [
  { axis: "memory", series: ["current", "target"] },
  { axis: "host free", series: ["hostFree"] },
  { axis: "credit", series: ["credit"] },
  { axis: "tries", series: ["retries"] },
];

function scaleOf(series: SeriesName): Scale {
  return SERIES[series].unit === "pages" ? "pages" : "count";
}

function sideBand({ axis, series }: (typeof ROWS)[number], last: boolean): Band<SideLine> {
  const curves = series.flatMap((name, i) =>
    SIDES.map((side): SideLine => {
      const dash = [...(i === 0 ? DASHES : DOTTED)[side]];
      const label = i === 0 ? NAMES[side] : `${SERIES[name].name} ${NAMES[side]}`;
      return { label, series: name, of: side, scale: scaleOf(name), property: COLOURS[side], dash };
    }),
  );
  return { curves, axes: [axis], ...(last && { last }) };
}

function differenceBand({ series }: (typeof ROWS)[number], last: boolean): Band<SideLine> {
  const curves = series.map(
    (name, i): SideLine => ({
      label: i === 0 ? "B − A" : SERIES[name].name,
      series: name,
      of: "difference",
      scale: scaleOf(name),
      property: DIFFERENCE_COLOUR,
      dash: i === 0 ? [] : [...DOTTED.a],
      ...(i === 0 && { area: true }),
    }),
  );
  return { curves, axes: ["B − A"], ...(last && { last }) };
}

export class ComparisonCharts {
  readonly #plots: Plots<SideLine>;
  #joined: Joined | null = null;
  #seconds: readonly number[] = [];

  constructor(elements: PlotElements) {
    const places = ROWS.flatMap((row, i): PlotPlace<SideLine>[] => {
      const last = i === ROWS.length - 1;
      return [sideBand(row, last), differenceBand(row, last)].map((band) => {
        const container = document.createElement("div");
        container.className = "chart";
        elements.charts.append(container);
        return { container, band };
      });
    });
    this.#plots = new Plots(elements, places, {
      syncKey: "comparison",
      data: () => {
        const joined = this.#joined;
        if (joined === null) return null;
        return {
          times: this.#seconds,
          valuesOf: ({ series, of }) => joined.series[series][of],
          describe: (point) => describeMoment(joined, point),
        };
      },
    });
  }

  show(joined: Joined): void {
    this.#joined = joined;
    this.#seconds = joined.timeMs.map((ms) => ms / 1000);
    this.#plots.reset();
    this.#plots.redraw();
  }

  /** Rows of canvases: the sides on the left, the difference on the right. */
  get canvases(): readonly HTMLCanvasElement[] {
    return this.#plots.canvases;
  }
}

/** The legend of a picture. */
export const LEGEND: readonly {
  readonly label: string;
  readonly property: string;
  readonly dash: readonly number[];
}[] = [
  ...SIDES.map((side) => ({ label: NAMES[side], property: COLOURS[side], dash: DASHES[side] })),
  { label: "B − A", property: DIFFERENCE_COLOUR, dash: [] },
];

/** Describes a moment in a sentence, for readers who cannot see the curves. */
function describeMoment({ timeMs, series }: Joined, at: number): string {
  const values = SERIES_NAMES.map((name) => {
    const { a, b, difference } = series[name];
    const text = (value: number | null): string => formatValue(scaleOf(name), value);
    return `${SERIES[name].name} A ${text(a[at])}, B ${text(b[at])}, B − A ${text(difference[at])}`;
  });
  return `At ${formatClock(timeMs[at])} of virtual time: ${values.join("; ")}.`;
}
