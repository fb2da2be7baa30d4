/** Makes a program of the demand of one guest: each row sets a target at its time. */
import { readDemand } from "../demand/read.js";
import type { Program } from "./session/messages.js";

/** A program with how the demand was read, in a line. */
export interface DemandProgram {
  readonly program: Program;
  readonly reading: string;
}

/**
 * @param name - that of the file.
 * @throws Error: no demand, or that of several guests
 */
export function programOfDemand(text: string, name: string): DemandProgram {
  const { guests, reading } = readDemand(text);
  if (guests.length > 1) throw new Error(`expected the demand of one guest, got that of ${guests.length}`);
  const { points } = guests[0];
  let beforeMs = 0;
  const items = points.map(({ timeMs, usedPages }, at) => {
    const waits = timeMs > beforeMs ? [`advance ${timeMs - beforeMs}`] : [];
    beforeMs = timeMs;
    // the last target is reached, too
    const runs = at === points.length - 1 ? ["run"] : [];
    return [...waits, `target ${usedPages}`, ...runs];
  });
  return { program: { name, unit: "row", items }, reading };
}
