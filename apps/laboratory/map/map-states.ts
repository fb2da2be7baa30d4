/** The states of a page as the map and its legend show them. */
import type { Census, PageState } from "xen-balloon/core";
import { customColour } from "../colour-scheme.js";

/** A state's name for people, and the custom property with its colour. */
interface StateLook {
  readonly state: PageState;
  readonly label: string;
  readonly property: string;
}

/** The states in the order of the legend. */
export const STATES: readonly StateLook[] = [
  { state: "inUse", label: "in use", property: "--state-in-use" },
  { state: "free", label: "free", property: "--state-free" },
  { state: "ballooned", label: "ballooned", property: "--state-ballooned" },
  { state: "lent", label: "lent", property: "--state-lent" },
  { state: "scratch", label: "scratch", property: "--state-scratch" },
  { state: "hole", label: "hole", property: "--state-hole" },
  { state: "offline", label: "offline", property: "--state-offline" },
];

/** `in use` for inUse. */
export function labelOf(state: PageState): string {
  return STATES.find((look) => look.state === state)?.label ?? state;
}

/** How many pages of a census are in each state: of one cell, or of all. */
export function pagesByState({ counts }: Census, cell?: number): [label: string, pages: number][] {
  return STATES.map(({ state, label }) => {
    const cells = counts[state];
    let pages = 0;
    if (cell !== undefined) pages = cells[cell];
    else for (let at = 0; at < cells.length; at++) pages += cells[at];
    return [label, pages];
  });
}

/** Red, green and blue of each state, 0 to 255, as the style sheets have them now. */
export type Palette = readonly (readonly [state: PageState, red: number, green: number, blue: number])[];

/** Reads it anew. */
export function readPalette(): Palette {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return STATES.map(({ state, property }) => {
    if (context === null) return [state, 0, 0, 0];
    // The canvas knows every notation of colours that the browser does.
    context.fillStyle = customColour(property);
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return [state, red, green, blue];
  });
}
