/** The generations of the driver, and how a table says that an entry belongs to one of them. */

/** A generation of the driver: Linux's of 2013 (1e1159bb97cf), or today's (7.0-rc1, b13cd24c15d7). */
export type Generation = "2013" | "modern";

/** The generations, the default first. */
export const GENERATIONS: readonly Generation[] = ["2013", "modern"];

/** An entry of a table: an option, a tunable, a statistic, a figure, a fault or an operation. */
export interface OfGeneration {
  /** The only generation that has it. Left out, every generation has it. */
  readonly generation?: Generation;
}

/** True if a driver of this generation has the entry. */
export function belongsTo(generation: Generation, entry: OfGeneration): boolean {
  return entry.generation === undefined || entry.generation === generation;
}

/** Lists the names of the entries that a driver of this generation has, in the order of the table. */
export function namesFor<Name extends string>(
  generation: Generation,
  table: Readonly<Record<Name, OfGeneration>>,
): readonly Name[] {
  return (Object.keys(table) as Name[]).filter((name) => belongsTo(generation, table[name]));
}

/** Completes "expected …" and "got …" for an entry that a driver of this generation does not have. */
export function foreign(
  generation: Generation,
  entry: OfGeneration,
): { readonly expected: string; readonly got: string } {
  return { expected: `driver=${entry.generation}, to which it belongs`, got: `driver=${generation}` };
}
