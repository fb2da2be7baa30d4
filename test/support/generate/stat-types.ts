/** The text of src/host/stats-types.ts: balloon_stats by the driver's names and by the API's, and the guest's state. */
import type { OfGeneration } from "../../../src/host/generation.js";
import { tellEntry } from "../../../src/host/options/words.js";
import { STATE } from "../../../src/host/state.js";
import { STATS } from "../../../src/host/stats.js";
import { TUNABLES } from "../../../src/host/tunables.js";
import { comment } from "./comment.js";

/** An entry of a table. */
interface Entry extends OfGeneration {
  readonly sentence: string;
}

/** The file as it must be. */
export function statTypes(): string {
  const stats = Object.entries(STATS);
  return `/**
 * Written by test/host/options.test.ts from the tables in stats.ts, tunables.ts and state.ts: change those, then run it
 * with -u.
 */

/** The fields of the driver's balloon_stats; each is 64 bit, read as signed. A generation that lacks one leaves it out. */
export interface DriverStats {
${members(stats)}
}

/**
 * balloon_stats. Counts of pages can pass below zero where the kernel's unsigned ones wrap. A generation of the driver
 * that lacks a field leaves it out.
 */
export interface BalloonStats {
${members(stats.map(([, stat]) => [stat.name, stat]))}
}

/** The settings that a user may change. */
export type TunableField = ${TUNABLES.map(({ field }) => `"${field}"`).join(" | ")};

/** The driver's tunables. Each keeps its value unless it is given. */
export interface Tunables {
${TUNABLES.map(
  (tunable) =>
    `${comment(
      `${tellEntry(tunable)}${tunable.form === "flag" ? "" : ` Range: ${tunable.from} to 2^53 - 1 ${tunable.unit}.`}`,
      "  ",
    )}\n  readonly ${tunable.name}?: ${tunable.form === "flag" ? "boolean" : "number"};`,
).join("\n")}
}

/**
 * The figures of a guest besides balloon_stats. Counters count from its boot on. A generation of the driver that lacks a
 * figure leaves it out.
 */
export interface GuestState {
${members(Object.entries(STATE))}
}
`;
}

/** Each member with its doc comment. */
function members(all: readonly (readonly [name: string, entry: Entry])[]): string {
  return all
    .map(([name, entry]) => {
      const mark = entry.generation === undefined ? "" : "?";
      return `${comment(tellEntry(entry), "  ")}\n  readonly ${name}${mark}: number;`;
    })
    .join("\n");
}
