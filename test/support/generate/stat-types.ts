/** The text of src/host/stats-types.ts: the fields of balloon_stats by the driver's names, and by the API's. */
import { STATS } from "../../../src/host/stats.js";
import { comment } from "./comment.js";

/** The file as it must be. */
export function statTypes(): string {
  const members = (names: (field: string, name: string) => string): string =>
    Object.entries(STATS)
      .map(([field, { name, sentence }]) => `${comment(sentence, "  ")}\n  readonly ${names(field, name)}: number;`)
      .join("\n");
  return `/** Written by test/host/options.test.ts from the table in stats.ts: change that, then run it with -u. */

/** The fields of the driver's balloon_stats; each is 64 bit, read as signed. */
export interface DriverStats {
${members((field) => field)}
}

/** balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. */
export interface BalloonStats {
${members((_, name) => name)}
}
`;
}
