/** Finds what a study says of a demand's columns that their names contradict. What the study says holds. */
import type { Column, DemandColumns, FoundColumns } from "./columns.js";
import { headingOf } from "./heading.js";
import { MEMORY_UNITS, TIME_UNITS, type Units } from "./units.js";

/** A unit that was given and is not that of the column's name. */
export interface Contradiction {
  readonly key: keyof DemandColumns;
  readonly problem: string;
}

export function contradictionsOf(given: DemandColumns, { time, guests }: FoundColumns): readonly Contradiction[] {
  const memory = guests.flatMap(({ used, total }) => (total === null ? [used] : [used, total]));
  return [
    ...contradicted("timeUnit", TIME_UNITS, given, [time]),
    ...contradicted("usedUnit", MEMORY_UNITS, given, memory),
  ];
}

function contradicted(
  key: "timeUnit" | "usedUnit",
  { spelled }: Units,
  { [key]: unit }: DemandColumns,
  columns: readonly Column[],
): readonly Contradiction[] {
  const read = spelled.get(unit?.toLowerCase() ?? "");
  if (read === undefined) return [];
  for (const { name } of columns) {
    const said = spelled.get(headingOf(name).unit);
    if (said === undefined || said.worth === read.worth) continue;
    return [{ key, problem: `column ${JSON.stringify(name)} says ${said.name}; it is read as ${read.name}` }];
  }
  return [];
}

/** The columns of a demand that is JSON, which tells its own. */
export function columnsOfJson(given: DemandColumns): readonly Contradiction[] {
  const keys = Object.keys(given) as (keyof DemandColumns)[];
  return keys.map((key) => ({ key, problem: "the demand is JSON, which tells this itself: it is not used" }));
}
