/** What all charts are drawn with: the picture's frame, and texts that fit. */
import { element, escapeText } from "./markup.js";

/** A chart's texts for those who do not see it; its ids begin with `id`, which no other chart of the page has. */
export interface Description {
  readonly id: string;
  readonly title: string;
  /** In sentences: what is on the axes, from where to where the values go. */
  readonly text: string;
}

/** Where values are drawn, in a picture's own units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Of the pictures' type, at its size. */
export const TEXT_HEIGHT = 12;
/** Of a digit in a wide type: nobody knows which the reader has. */
const LETTER_WIDTH = 7.6;
/** From here on letters are about as wide as high. */
const FIRST_WIDE_LETTER = 0x1100;

/** A whole chart. */
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

/** About as wide as the text will be. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

/**
 * A text on its base line; where it is wider than `room`, as much of it as fits, and all of it to whoever points at it.
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
