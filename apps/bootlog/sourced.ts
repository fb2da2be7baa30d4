/** A figure with its source, and the error of figures that do not fit together. */
import { BootLogError } from "./error.js";
import type { Fact } from "./facts.js";

/** A figure and its source, for example `line 12` or `given`. */
export interface Sourced {
  readonly value: number;
  readonly from: string;
}

/** A figure that a line carries. */
export function printed(fact: Fact | undefined): Sourced | undefined {
  return fact && { value: fact.value, from: `line ${fact.line}` };
}

/** A figure that follows from lines. */
export function derived(value: number, from: string): Sourced {
  return { value, from };
}

/** A given figure takes the place of the log's, and says so. */
export function choose(given: number | undefined, found: Sourced | undefined): Sourced | undefined {
  if (given === undefined) return found;
  const instead = found !== undefined && found.value !== given ? `, instead of ${found.value} (${found.from})` : "";
  return { value: given, from: `given${instead}` };
}

/** Names a figure, its value and its source in a message. */
export function named(name: string, { value, from }: Sourced): string {
  return `${name} ${value} (${from})`;
}

/** @throws BootLogError - names the figures and why they cannot all be right */
export function contradict(figures: readonly string[], why: string): never {
  throw new BootLogError(`${figures.join(", ")} do not fit together: ${why}`);
}
