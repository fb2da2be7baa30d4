/** How much of what was planned is there. */
import { listText } from "./figures.js";

/** How many runs were planned and how many are there, copies of the baseline included. */
export interface RunCounts {
  readonly exactPlanned: number;
  readonly exact: number;
  readonly timedPlanned: number;
  readonly timed: number;
}

/** What a reader must know before he reads on; null where all is there. */
export function incompleteText({ exactPlanned, exact, timedPlanned, timed }: RunCounts): string | null {
  const said: string[] = [];
  if (exact < exactPlanned) said.push(`${exact} of ${exactPlanned} cases are counted`);
  if (timed < timedPlanned) said.push(`${timed} of ${timedPlanned} processes are timed`);
  return said.length === 0 ? null : `The study is not complete: ${listText(said)}.`;
}
