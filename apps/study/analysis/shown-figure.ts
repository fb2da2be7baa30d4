/** A figure of a report, and what it is about, so that the one that shows the answer can be found. */
import type { Chart } from "../report/document.js";
import type { Pass } from "./runs.js";

export interface ShownFigure {
  readonly chart: Chart;
  /** Null where it shows all factors, or replays. */
  readonly factor: string | null;
  /** The pass of times; null of counts. */
  readonly pass: Pass | null;
}
