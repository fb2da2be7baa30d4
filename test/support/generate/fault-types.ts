/** The text of src/host/fault-types.ts: the faults that a caller of the API can inject. */
import { FAULTS, type FaultKind } from "../../../src/host/faults.js";
import { tellEntry } from "../../../src/host/options/words.js";
import { comment } from "./comment.js";

/** The file as it must be. */
export function faultTypes(): string {
  return `/** Written by test/host/options.test.ts from the table in faults.ts: change that, then run it with -u. */

/** An answer for the next calls of a kind. */
export interface FaultAnswer {
  /** The answer of these calls: 0 for success or for nothing done, a negative number for an error. */
  readonly rc: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** A limit for the next calls of a kind. */
export interface FaultLimit {
  /** The most extents each call does, 0 to 2^32 - 1. */
  readonly extents: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** Faults to inject. Each replaces the earlier fault of its kind; an omitted kind keeps its earlier fault. */
export interface Faults {
${Object.entries<FaultKind>(FAULTS).map(member).join("\n")}
}

/** The operation of each kind in scripts. */
export interface FaultOperations {
${Object.entries<FaultKind>(FAULTS)
  .map(([name, { operation }]) => `  readonly ${name}: "${operation}";`)
  .join("\n")}
}
`;
}

function member([name, kind]: [string, FaultKind]): string {
  const { amount, from, to, except } = kind;
  const range = `Range of \`${amount}\`: ${bound(from)} to ${bound(to)}${except === undefined ? "" : ` but ${except}`}.`;
  const type = amount === "rc" ? "FaultAnswer" : "FaultLimit";
  return `${comment(`${tellEntry(kind)} ${range}`, "  ")}\n  readonly ${name}?: ${type};`;
}

/** A bound in words: the bounds of 32 bits are powers of two. */
function bound(value: number): string {
  if (value === -(2 ** 31)) return "-2^31";
  if (value === 2 ** 31 - 1) return "2^31 - 1";
  return value === 2 ** 32 - 1 ? "2^32 - 1" : String(value);
}
