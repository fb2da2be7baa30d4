/** Draws bars from 0 in rows, each with its label to the left and its value to the right. */
import { linearAxis } from "./axes.js";
import type { BarChart } from "./document.js";
import { colourOf } from "./looks.js";
import { element, escapeText } from "./markup.js";
import { xAxis, xIn } from "./plot.js";
import { type Box, picture, TEXT_HEIGHT, textAt, textWidth } from "./svg.js";

/** The width of a phone, so that no bar is cut off there. */
const WIDTH = 420;
const ROW = 20;
const BAR = 12;
const TOP = 6;
const BOTTOM = 40;
const GAP = 10;
const MOST_LABEL_WIDTH = 160;
/** The room of a tick's label. */
const TICK_WIDTH = 60;
const LEAST_WIDTH = 1;

/** @param id - begins the ids in the picture. */
export function drawBars(chart: BarChart, id: string): string {
  const { rows, xLabel } = chart;
  const labelRoom = Math.min(MOST_LABEL_WIDTH, Math.max(...rows.map(({ label }) => textWidth(label))));
  const textRoom = Math.max(...rows.map(({ text }) => textWidth(text)));
  const left = labelRoom + GAP;
  const box: Box = { left, top: TOP, width: WIDTH - left - GAP - textRoom, height: rows.length * ROW };
  const mostTicks = Math.max(2, Math.floor(box.width / TICK_WIDTH));
  const axis = linearAxis(0, Math.max(...rows.map(({ value }) => value)), mostTicks);
  return picture(
    { id, title: chart.caption, text: describe(chart) },
    { width: WIDTH, height: TOP + box.height + BOTTOM },
    xAxis(box, axis, xLabel),
    ...rows.map(({ label, value, text }, index) => {
      const middle = TOP + (index + 0.5) * ROW;
      const base = middle + TEXT_HEIGHT / 3;
      const width = Math.max(LEAST_WIDTH, xIn(box, axis, value) - left);
      return (
        textAt(labelRoom, base, label, { anchor: "end", room: labelRoom }) +
        element(
          "rect",
          { class: `fill ${colourOf(0)}`, x: left, y: middle - BAR / 2, width, height: BAR },
          element("title", {}, escapeText(`${label}: ${text}`)),
        ) +
        textAt(WIDTH, base, text, { anchor: "end" })
      );
    }),
  );
}

function describe({ xLabel, rows }: BarChart): string {
  const ascending = rows.toSorted((a, b) => a.value - b.value);
  const [least, most] = [ascending[0], ascending[ascending.length - 1]];
  const told = rows.length === 1 ? "" : `, least ${least.label} ${least.text}, most ${most.label} ${most.text}`;
  return `Bars of ${xLabel}: ${rows.length} rows${told}.`;
}
