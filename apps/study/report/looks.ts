/** Makes the lines of a chart distinct: by colour, and for those who do not see it by dashes and markers. */
import { element, inTenths } from "./markup.js";

/** The number of colours in page-style.ts. */
export const COLOURS = 6;
const DASHES = ["", "7 3", "2 2.5", "10 3 2 3", "4 2", "12 4"];
/** Paths relative to the point that is marked. */
const MARKERS = [
  "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
  "m-3-3h6v6h-6z",
  "m0-4.2l4 7h-8z",
  "m0-4.5l4 4.5l-4 4.5l-4-4.5z",
  "m0 4.2l4-7h-8z",
  "m-3.2-3.2l6.4 6.4m0-6.4l-6.4 6.4",
];
const SAMPLE_WIDTH = 22;

/** The look of a line. */
export interface Look {
  /** The class of the group that has the line's colour. */
  readonly className: string;
  /** The attributes of the line that dash it. */
  readonly dash: Readonly<Record<string, string>>;
  /** The path of its marker, which follows a move to the point. */
  readonly marker: string;
}

/** Looks for lines by index, from 0: where colours repeat, dashes and markers differ. */
export function lookOf(index: number): Look {
  const round = Math.floor(index / COLOURS);
  const dash = DASHES[(index + round) % DASHES.length];
  return {
    className: colourOf(index),
    dash: dash === "" ? {} : { "stroke-dasharray": dash },
    marker: MARKERS[(index + round) % MARKERS.length],
  };
}

/** The class that gives the line at `index`, from 0, its colour. */
export function colourOf(index: number): string {
  return `c${index % COLOURS}`;
}

/** Draws a marker for a legend, `SAMPLE_WIDTH` wide. */
export function markSample(index: number, x: number, y: number): string {
  const { className, marker } = lookOf(index);
  const d = `M${inTenths(x + SAMPLE_WIDTH / 2)} ${inTenths(y)}${marker}`;
  return element("g", { class: className }, element("path", { class: "mark", d }));
}

/** Draws a piece of the line with its marker for a legend, `SAMPLE_WIDTH` wide. */
export function lineSample(index: number, x: number, y: number, marked: boolean): string {
  const { className, dash } = lookOf(index);
  const line = element("path", { class: "line", d: `M${inTenths(x)} ${inTenths(y)}h${SAMPLE_WIDTH}`, ...dash });
  return element("g", { class: className }, line) + (marked ? markSample(index, x, y) : "");
}
