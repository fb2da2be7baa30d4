/** The text of src/host/stats-types.ts: balloon_stats by the driver's names and by the API's, and the guest's state. */
import { STATE } from "../../../src/host/state.js";
import { STATS } from "../../../src/host/stats.js";
import { comment } from "./comment.js";

/** The file as it must be. */
export function statTypes(): string {
  const stats = Object.entries(STATS);
  const tunable = stats.filter(([, { tunableFrom }]) => tunableFrom !== undefined);
  return `/** Written by test/host/options.test.ts from the tables in stats.ts and state.ts: change those, then run it with -u. */

/** The fields of the driver's balloon_stats; each is 64 bit, read as signed. */
export interface DriverStats {
${members(stats.map(([field, { sentence }]) => [field, sentence]))}
}

/** balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. */
export interface BalloonStats {
${members(stats.map(([, { name, sentence }]) => [name, sentence]))}
}

/** The fields of balloon_stats that a user may set. */
export type TunableField = ${tunable.map(([field]) => `"${field}"`).join(" | ")};

/** The driver's tunables. Each keeps its value unless it is given. */
export interface Tunables {
${members(tunable.map(([, { name, sentence, unit, tunableFrom }]) => [`${name}?`, `${sentence} Range: ${tunableFrom} to 2^53 - 1 ${unit}.`]))}
}

/** The figures of a guest besides balloon_stats. Counters count from its boot on. */
export interface GuestState {
${members(Object.entries(STATE).map(([name, { sentence }]) => [name, sentence]))}
}
`;
}

/** Each member with its doc comment. */
function members(all: readonly (readonly [name: string, sentence: string])[]): string {
  return all.map(([name, sentence]) => `${comment(sentence, "  ")}\n  readonly ${name}: number;`).join("\n");
}
