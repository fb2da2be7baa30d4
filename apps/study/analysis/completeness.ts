/** Tells how many of the planned runs are there. */
import { listText } from "./figures.js";

/** The numbers of runs that were planned and that are there, copies of the baseline included. */
export interface RunCounts {
  readonly exactPlanned: number;
  readonly exact: number;
  readonly timedPlanned: number;
  readonly timed: number;
  /** Processes a round. */
  readonly timedPerRound: number;
}

/** Words the incompleteness of a study; null where it is complete. */
export function incompleteText({ exactPlanned, exact, timedPlanned, timed }: RunCounts): string | null {
  const said: string[] = [];
  if (exact < exactPlanned) said.push(`${exact} of ${exactPlanned} cases are counted`);
  if (timed < timedPlanned) said.push(`${timed} of ${timedPlanned} processes are timed`);
  return said.length === 0 ? null : `The study is not complete: ${listText(said)}.`;
}
