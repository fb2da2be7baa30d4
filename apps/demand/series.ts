/** The memory that guests want over time: the content of a demand file of either format. */
import { U32_MAX } from "xen-balloon/core";

/** The largest target in pages, which is a 32-bit number. */
export const MAX_PAGES: number = U32_MAX;

/** The memory that a guest uses from `timeMs` on. */
export interface DemandPoint {
  readonly timeMs: number;
  readonly usedPages: number;
  /** The memory the guest is sold at that time; null if it is unknown. */
  readonly provisionedPages: number | null;
}

/** One guest's demand: points ascending in time, at least one. */
export interface DemandSeries {
  /** The guest's name; `""` if the file names none. */
  readonly vm: string;
  readonly points: readonly DemandPoint[];
}
