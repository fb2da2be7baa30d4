/** A row for each request to start a guest: how long its answer took, and how much memory it brought. */
import type { StartOutcome } from "xen-balloon/toolstack";
import { type Cell, numberColumns, type Table, textColumns } from "../../study/report/document.js";
import type { HostRun, Point } from "./points.js";
import { sizeWords, timeWords } from "./words.js";

/** The most requests in a table: if there are more, it shows those that waited longest. */
const MOST_ROWS = 10;

/** A table for each policy, of its fastest run; none where no start was asked for. */
export function startTables(points: readonly Point[]): readonly Table[] {
  return points.flatMap(({ curve, totalKib, runs: [run] }) =>
    run.outcome.starts.length === 0 ? [] : [startTable(run, `Starts under ${curve} on ${sizeWords(totalKib)}`)],
  );
}

function startTable({ outcome: { starts }, case: { options } }: HostRun, what: string): Table {
  const longest = starts.toSorted((a, b) => b.waitedMs - a.waitedMs).slice(0, MOST_ROWS);
  const shown = starts.filter((start) => longest.includes(start));
  const asked = new Map(options.guests.map(({ name, memoryKib }) => [name, memoryKib]));
  return {
    kind: "table",
    caption: `${what}${shown.length < starts.length ? `: the ${shown.length} of ${starts.length} that waited longest` : ""}.`,
    columns: [...textColumns(["guest"]), ...numberColumns(["asked for at", "answer after", "memory asked", "granted"])],
    rows: shown.map((start): Cell[] => [
      { text: start.name },
      { text: timeWords(start.atMs) },
      start.waitedMs === 0 ? { text: "at once", muted: true } : { text: timeWords(start.waitedMs) },
      { text: sizeWords(asked.get(start.name) ?? 0) },
      granted(start),
    ]),
  };
}

function granted({ grantedKib }: StartOutcome): Cell {
  return { text: grantedKib === null ? "refused" : sizeWords(grantedKib) };
}
