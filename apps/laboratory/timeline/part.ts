/** Parts the operations of a script at a moment. */

/** So many ms after so many operations, of which those that only let time pass are not counted. */
export interface ScriptMoment {
  readonly operations: number;
  readonly passedMs: number;
  /** True if the work that was due then has run. */
  readonly ran: boolean;
}

/**
 * Parts a script at a moment into the operations before and after it; an advance in which it lies is parted.
 *
 * @param lines - operations, a line each, with single spaces.
 */
export function partAt(
  lines: readonly string[],
  { operations, passedMs, ran }: ScriptMoment,
): { readonly before: string[]; readonly after: string[] } {
  let at = 0;
  for (let left = operations; left > 0; at++) if (advanceOf(lines[at]) === null) left--;
  const before = lines.slice(0, at);
  const after = lines.slice(at);
  if (passedMs > 0 || ran) before.push(`advance ${passedMs}`);
  for (let leftMs = passedMs; leftMs > 0; ) {
    const ms = advanceOf(after[0] ?? "");
    // it lies within an operation that takes time, which is to come as a whole
    if (ms === null) break;
    after.shift();
    if (ms > leftMs) after.unshift(`advance ${ms - leftMs}`);
    leftMs -= ms;
  }
  return { before, after };
}

function advanceOf(line: string): number | null {
  const [name, ms] = line.split(" ");
  return name === "advance" ? Number(ms) : null;
}
