/** Finds the columns of a table and their units, by detection from their names or by given names. */
import { PAGE_BYTES } from "xen-balloon/core";

/** Columns by their names in the header. An omitted column is detected. */
export interface DemandColumns {
  readonly time?: string;
  /** ms, s, min or h: the unit of a time column whose name has none, or a wrong one. */
  readonly timeUnit?: string;
  /** The column of the memory in use. */
  readonly used?: string;
  /** B, KB, KiB, MB, MiB, GB, GiB or pages. KB is 1024 bytes, because authors of such tables mean that. */
  readonly usedUnit?: string;
  /** The column that names a row's guest. */
  readonly vm?: string;
  /** The column of the memory that the guest is sold. */
  readonly provisioned?: string;
}

/** A column: its position and its unit. */
export interface Column {
  readonly index: number;
  readonly name: string;
  /** One unit in ms or pages. It is null without a known unit; times without one are dates. */
  readonly unit: number | null;
}

/** The columns of a demand. */
export interface FoundColumns {
  readonly time: Column;
  readonly used: Column;
  readonly vm: Column | null;
  readonly provisioned: Column | null;
}

type Units = ReadonlyMap<string, number>;

const TIME_UNITS_MS: Units = new Map([
  ["ms", 1],
  ["s", 1000],
  ["sec", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
]);
const MEMORY_UNITS_PAGES: Units = new Map([
  ["b", 1 / PAGE_BYTES],
  ["bytes", 1 / PAGE_BYTES],
  ...["k", "m", "g"].flatMap((prefix, i) => {
    const pages = 1024 ** (i + 1) / PAGE_BYTES;
    return [`${prefix}b`, `${prefix}ib`].map((unit): [string, number] => [unit, pages]);
  }),
  ["pages", 1],
]);

const TIME = /^(time|timestamp|date|datetime|t)$/;
const USED = /^(mem|memory)?\s*(used|usage|in use|demand|rss)?$/;
const PROVISIONED = /^(mem|memory)?\s*(capacity)?\s*(provisioned|prov|capacity)$/;
const VM = /^(vm|vm id|vm name|id|host|hostname|guest|name|domain)$/;

/** Splits a name from its unit: `Memory usage [KB]`, `used_kib`, `time (s)`. */
interface Named {
  readonly words: string;
  readonly unit: string;
}

function parts(name: string): Named {
  const bracketed = /^(.*?)\s*[[(]\s*(\S+?)\s*[\])]$/.exec(name);
  const [, words, unit] = bracketed ?? /^(?:(.*)[\s_])?([^\s_]+)$/.exec(name) ?? [null, name, ""];
  const known = unit.toLowerCase();
  const isUnit = TIME_UNITS_MS.has(known) || MEMORY_UNITS_PAGES.has(known);
  const plain = (isUnit || bracketed !== null ? (words ?? "") : name).toLowerCase();
  return { words: plain.replace(/[\s_]+/g, " ").trim(), unit: isUnit || bracketed !== null ? known : "" };
}

/** Returns a unit's worth. @throws Error: no unit has this name */
function worth(units: Units, unit: string): number {
  const found = units.get(unit.toLowerCase());
  if (found === undefined) throw new Error(`expected a unit among ${[...units.keys()].join(", ")}, got ${unit}`);
  return found;
}

/**
 * @param names - the names of all columns, in order.
 * @throws Error: a missing column, more than one candidate for a column, or an unknown unit
 */
export function findColumns(names: readonly string[], named: DemandColumns): FoundColumns {
  const time = one(
    "time",
    named.time,
    ({ words, unit }) => TIME.test(words) && (unit === "" || TIME_UNITS_MS.has(unit)),
  );
  const used = one("used", named.used, ({ words, unit }) => USED.test(words) && MEMORY_UNITS_PAGES.has(unit));
  if (time === null) throw missing("time", "time_s");
  if (used === null) throw missing("memory in use", "used_kib");
  const provisioned = one(
    "provisioned",
    named.provisioned,
    ({ words, unit }) => PROVISIONED.test(words) && MEMORY_UNITS_PAGES.has(unit),
  );
  return {
    time: column(time, TIME_UNITS_MS, named.timeUnit),
    used: memory(used, named.usedUnit, ", or a usedUnit"),
    vm: column(
      one("vm", named.vm, ({ words, unit }) => VM.test(words) && unit === ""),
      new Map(),
      undefined,
    ),
    provisioned: provisioned === null ? null : memory(provisioned, undefined, ""),
  } as FoundColumns;

  /** Makes a column of memory, which must have a unit: KiB could be taken for pages, or pages for KiB. */
  function memory(index: number, unit: string | undefined, or: string): Column {
    const found = column(index, MEMORY_UNITS_PAGES, unit) as Column;
    if (found.unit !== null) return found;
    const units = [...MEMORY_UNITS_PAGES.keys()].join(", ");
    throw new Error(`expected a unit in the name of column ${JSON.stringify(found.name)}${or}: ${units}`);
  }

  function one(what: string, name: string | undefined, fits: (named: Named) => boolean): number | null {
    const found = [...names.keys()].filter((i) => (name === undefined ? fits(parts(names[i])) : names[i] === name));
    if (found.length === 1) return found[0];
    if (name !== undefined) throw new Error(`expected a column ${JSON.stringify(name)}; ${there()}`);
    if (found.length === 0) return null;
    const could = found.map((i) => JSON.stringify(names[i])).join(" and ");
    throw new Error(`${could} could both be meant by ${what}: one must be named`);
  }

  function missing(what: string, example: string): Error {
    return new Error(`expected a column of ${what}, such as ${example}; ${there()}: one can be named`);
  }

  function there(): string {
    return `there are ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  }

  function column(index: number | null, units: Units, unit?: string): Column | null {
    if (index === null) return null;
    const named = unit ?? parts(names[index]).unit;
    return { index, name: names[index], unit: named === "" ? null : worth(units, named) };
  }
}
