/** Which cases a study runs: the grid of its factors' levels, or a fraction of it. */
import type { Settings } from "./study.js";

/** One combination of levels, with one seed. */
export interface Case {
  /** Says what is run and nothing else: the same settings and seed have the same id in every study. */
  readonly id: string;
  /** Its level's label, by factor. */
  readonly levels: Readonly<Record<string, string>>;
  readonly seed: number;
  /** All that is set. */
  readonly settings: Settings;
  /** True of the case with every factor at its baseline, of the first seed. */
  readonly baseline: boolean;
}
