/** How much memory guests want, and when: what a demand file says, whatever its format. */
import { U32_MAX } from "xen-balloon/core";

/** A target is a number of pages in 32 bits. */
export const MAX_PAGES: number = U32_MAX;

/** What a guest has in use from `timeMs` on. */
export interface DemandPoint {
  readonly timeMs: number;
  readonly usedPages: number;
  /** The memory the guest is sold at that time; where it is not known, null. */
  readonly provisionedPages: number | null;
}

/** One guest's demand: points ascending in time, at least one. */
export interface DemandSeries {
  /** Which guest; `""` where the file names none. */
  readonly vm: string;
  readonly points: readonly DemandPoint[];
}
