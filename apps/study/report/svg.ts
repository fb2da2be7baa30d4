/** Draws the frame of a picture, and texts that fit into it. */
import { element, escapeText } from "./markup.js";

/** The texts of a chart for those who do not see it; its ids begin with `id`, which no other chart of the page has. */
export interface Description {
  readonly id: string;
  readonly title: string;
  /** Sentences that tell the axes and the range of the values. */
  readonly text: string;
}

/** The area in which values are drawn, in the units of the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The font size of the pictures. */
export const TEXT_HEIGHT = 12;
/** The width of a digit in a wide font: the reader's font is not known. */
const LETTER_WIDTH = 7.6;
/** Letters from this code point on are about as wide as high. */
const FIRST_WIDE_LETTER = 0x1100;

/** Draws a whole chart. */
export function picture(
  { id, title, text }: Description,
  size: { width: number; height: number },
  ...children: readonly string[]
): string {
  const attributes = {
    class: "chart",
    role: "img",
    "aria-labelledby": `${id}-title`,
    "aria-describedby": `${id}-desc`,
    viewBox: `0 0 ${size.width} ${size.height}`,
    width: size.width,
    height: size.height,
  };
  return element(
    "svg",
    attributes,
    element("title", { id: `${id}-title` }, escapeText(title)),
    element("desc", { id: `${id}-desc` }, escapeText(text)),
    ...children,
  );
}

/** Estimates the width of a text. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

/**
 * Draws a text on its base line. A text wider than `room` is cut, and has all of it as its title.
 */
export function textAt(
  x: number,
  y: number,
  text: string,
  {
    anchor = "start",
    room,
    className,
  }: { anchor?: "start" | "middle" | "end"; room?: number; className?: string } = {},
): string {
  const shown = room === undefined ? text : cutTo(text, room);
  const attributes = {
    x,
    y,
    ...(anchor !== "start" && { "text-anchor": anchor }),
    ...(className && { class: className }),
  };
  const whole = shown === text ? [] : [element("title", {}, escapeText(text))];
  return element("text", attributes, escapeText(shown), ...whole);
}

function cutTo(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  let shown = "";
  let width = LETTER_WIDTH;
  for (const letter of text) {
    width += letterWidth(letter);
    if (width > room) break;
    shown += letter;
  }
  return `${shown.trimEnd()}…`;
}

function letterWidth(letter: string): number {
  return (letter.codePointAt(0) ?? 0) < FIRST_WIDE_LETTER ? LETTER_WIDTH : TEXT_HEIGHT;
}
