/** Draws axes and legends. */
import type { Axis } from "./axes.js";
import { element, inTenths } from "./markup.js";
import { type Box, TEXT_HEIGHT, textAt, textWidth } from "./svg.js";

const TICK_GAP = 6;
const LEGEND_SAMPLE = 28;
const LEGEND_GAP = 16;
const LEGEND_LINE = 18;

/** The x coordinate of a value in a box. */
export function xIn({ left, width }: Box, axis: Axis, value: number): number {
  return left + axis.position(value) * width;
}

/** The y coordinate of a value in a box: the greatest is at the top. */
export function yIn({ top, height }: Box, axis: Axis, value: number): number {
  return top + (1 - axis.position(value)) * height;
}

/** Draws vertical grid lines, their values below, and the label of the axis below these. */
export function xAxis(box: Box, axis: Axis, label: string): string {
  const bottom = box.top + box.height;
  const middle = box.left + box.width / 2;
  const lines = axis.ticks.map(
    ({ value }) => `M${inTenths(xIn(box, axis, value))} ${inTenths(box.top)}v${inTenths(box.height)}`,
  );
  const texts = axis.ticks.map((tick) =>
    textAt(xIn(box, axis, tick.value), bottom + TICK_GAP + TEXT_HEIGHT, tick.label, { anchor: "middle" }),
  );
  const below = bottom + 2 * TICK_GAP + 2 * TEXT_HEIGHT;
  return (
    element("path", { class: "grid", d: lines.join("") }) +
    texts.join("") +
    textAt(middle, below, label, { anchor: "middle", room: box.left + box.width, className: "label" })
  );
}

/** Draws horizontal grid lines, their values to the left, and the label of the axis above these. */
export function yAxis(box: Box, axis: Axis, label: string): string {
  const lines = axis.ticks.map(
    ({ value }) => `M${inTenths(box.left)} ${inTenths(yIn(box, axis, value))}h${inTenths(box.width)}`,
  );
  const texts = axis.ticks.map((tick) =>
    textAt(box.left - TICK_GAP, yIn(box, axis, tick.value) + TEXT_HEIGHT / 3, tick.label, { anchor: "end" }),
  );
  return (
    element("path", { class: "grid", d: lines.join("") }) +
    texts.join("") +
    textAt(0, box.top - TEXT_HEIGHT - 2, label, { room: box.left + box.width, className: "label" })
  );
}

/** The width of the longest tick label of an axis, with its gap. */
export function tickRoom(axis: Axis): number {
  return Math.max(...axis.ticks.map(({ label }) => textWidth(label))) + TICK_GAP;
}

/**
 * Draws samples with their labels in rows, from the top of the picture.
 *
 * @param sample - draws the sample of a label, 22 wide at most, from its left end at half its height.
 */
export function legend(
  labels: readonly string[],
  width: number,
  sample: (index: number, x: number, y: number) => string,
): { markup: string; height: number } {
  let markup = "";
  let x = 0;
  let y = LEGEND_LINE - TEXT_HEIGHT / 2;
  for (const [index, label] of labels.entries()) {
    const room = Math.min(textWidth(label), width - LEGEND_SAMPLE);
    if (x > 0 && x + LEGEND_SAMPLE + room > width) {
      x = 0;
      y += LEGEND_LINE;
    }
    markup += sample(index, x, y - TEXT_HEIGHT / 3) + textAt(x + LEGEND_SAMPLE, y, label, { room });
    x += LEGEND_SAMPLE + room + LEGEND_GAP;
  }
  return { markup, height: y + TEXT_HEIGHT / 2 };
}
