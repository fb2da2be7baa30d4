/** How the lines of a chart are told from each other: by colour, and without it by dashes and markers. */
import { element, inTenths } from "./markup.js";

/** As many as page-style.ts has colours. */
export const COLOURS = 6;
const DASHES = ["", "7 3", "2 2.5", "10 3 2 3", "4 2", "12 4"];
/** Around the point that the path is at. */
const MARKERS = [
  "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
  "m-3-3h6v6h-6z",
  "m0-4.2l4 7h-8z",
  "m0-4.5l4 4.5l-4 4.5l-4-4.5z",
  "m0 4.2l4-7h-8z",
  "m-3.2-3.2l6.4 6.4m0-6.4l-6.4 6.4",
];
const SAMPLE_WIDTH = 22;

export interface Look {
  /** Class of the group with everything in the line's colour. */
  readonly className: string;
  /** Attributes of the line. */
  readonly dash: Readonly<Record<string, string>>;
  /** Path of its marker, to follow on a move to the point. */
  readonly marker: string;
}

/** Of the line at `index`, from 0: when the colours begin again, dashes and markers are others. */
export function lookOf(index: number): Look {
  const round = Math.floor(index / COLOURS);
  const dash = DASHES[(index + round) % DASHES.length];
  return {
    className: colourOf(index),
    dash: dash === "" ? {} : { "stroke-dasharray": dash },
    marker: MARKERS[(index + round) % MARKERS.length],
  };
}

/** The class with the colour of the line at `index`, from 0. */
export function colourOf(index: number): string {
  return `c${index % COLOURS}`;
}

/** A piece of the line with its marker, `SAMPLE_WIDTH` wide, for a legend. */
export function lineSample(index: number, x: number, y: number, marked: boolean): string {
  const { className, dash, marker } = lookOf(index);
  const line = element("path", { class: "line", d: `M${inTenths(x)} ${inTenths(y)}h${SAMPLE_WIDTH}`, ...dash });
  const mark = element("path", { class: "mark", d: `M${inTenths(x + SAMPLE_WIDTH / 2)} ${inTenths(y)}${marker}` });
  return element("g", { class: className }, line, ...(marked ? [mark] : []));
}
