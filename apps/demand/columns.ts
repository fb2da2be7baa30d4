/** Finds the columns of a table, by detection from their headings or by given names. */
import { toldAs } from "./demand-error.js";
import { type Heading, headingOf, nounOf, type Role, roleOf } from "./heading.js";
import { MEMORY_UNITS, TIME_UNITS, type Unit, type Units, unitOf } from "./units.js";

/** Columns by their names in the header. An omitted column is detected. */
export interface DemandColumns {
  readonly time?: string;
  /** ns, us, ms, s, min or h: the unit of a time column whose name has none, or a wrong one. */
  readonly timeUnit?: string;
  /** The column of the memory in use; where each guest has a column of its own, all of them. */
  readonly used?: string | readonly string[];
  /** B, KB, KiB, MB, MiB, GB, GiB or pages. KB is 1024 bytes, because authors of such tables mean that. */
  readonly usedUnit?: string;
  /** The column that names a row's guest; `""` where no column does. */
  readonly vm?: string;
  /** The column of the memory that the guest is sold. */
  readonly provisioned?: string;
  /** The decimal mark, where numbers such as 1,024 do not tell. */
  readonly decimal?: "." | ",";
}

/** The columns of a format, which nobody has to name. */
export interface FormatColumns extends DemandColumns {
  /** Given: the memory in use is this less `used`. */
  readonly total?: string;
}

/** A column: its position, and its unit, which is null where its name has none. */
export interface Column {
  readonly index: number;
  readonly name: string;
  readonly unit: Unit | null;
}

/** The columns of one guest. */
export interface GuestColumns {
  /** The guest's name; `""` where a column names it, or nothing does. */
  readonly vm: string;
  /** The memory in use, or what is available of `total`. */
  readonly used: Column;
  /** Not null: the memory in use is this less `used`. */
  readonly total: Column | null;
  readonly provisioned: Column | null;
}

/** The columns of a demand. */
export interface FoundColumns {
  readonly time: Column;
  /** True where the unit is in the column's name alone, which may be wrong. */
  readonly timeUnitByName: boolean;
  /** The column of the time of day, beside one of dates. */
  readonly hour: Column | null;
  /** The column that names a row's guest. */
  readonly vm: Column | null;
  /** True where the column was given, or that there is none; false where it was detected. */
  readonly vmGiven: boolean;
  /** One where a column names the guest; one for each where every guest has its own columns. */
  readonly guests: readonly GuestColumns[];
}

/** Words of a column whose memory may be that of a host. */
const OF_HOST: readonly string[] = ["host", "node", "system"];

/**
 * @param names - the names of all columns, in order.
 * @throws Error: a missing column, more than one candidate for a column, or an unknown unit
 */
export function findColumns(names: readonly string[], given: FormatColumns): FoundColumns {
  const headings = names.map(headingOf);
  // a series with labels and no name is nothing but a value
  const roles = headings.map((one) => (one.labels !== null && one.words.length === 0 ? "value" : roleOf(one)));
  const [time, hour] = timeColumns();
  const vm = given.vm === undefined ? vmColumn() : given.vm === "" ? null : the(given.vm);
  return {
    time: column(time, TIME_UNITS, given.timeUnit),
    timeUnitByName: given.timeUnit === undefined,
    hour: hour === null ? null : column(hour, TIME_UNITS, undefined),
    vm: vm === null ? null : { index: vm, name: names[vm], unit: null },
    vmGiven: given.vm !== undefined,
    guests: guestColumns(),
  };

  function timeColumns(): readonly [number, number | null] {
    if (given.time !== undefined) return [the(given.time), null];
    const [times, dates, hours] = [at("time"), at("date"), at("hour")];
    const parts = [...hours, ...times.filter((i) => headings[i].unit === "" && names[i].toLowerCase() === "time")];
    if (dates.length === 1 && parts.length === 1 && times.length + hours.length === 1) return [dates[0], parts[0]];
    const all = [...times, ...dates, ...hours].sort((a, b) => a - b);
    if (all.length === 0) throw missing("time", "time", "time_s");
    return [only("time", all), null];
  }

  function vmColumn(): number | null {
    const guests = at("guest");
    const found = guests.length > 0 ? guests : at("place");
    if (found.length === 0) return null;
    // a guest keeps its name beyond a boot, and gets another number then
    const whose = new Set(found.map((i) => nounOf(headings[i])));
    const byName = found.filter((i) => headings[i].words.some((word) => word.endsWith("name")));
    return only("vm", whose.size === 1 && byName.length > 0 ? byName : found);
  }

  function guestColumns(): readonly GuestColumns[] {
    const provisioned = given.provisioned === undefined ? null : memory(the(given.provisioned));
    if (Array.isArray(given.used)) {
      return given.used.map((name) => ({ vm: name, used: used(the(name)), total: null, provisioned }));
    }
    if (given.used !== undefined) {
      const total = given.total === undefined ? null : used(the(given.total));
      const column = used(the(given.used as string));
      return [{ vm: "", used: column, total, provisioned: provisioned ?? total ?? sold() }];
    }
    const labels = guestsOfSeries(headings);
    if (labels !== null) return labels.map(({ vm, of }) => guestOf(vm, of, provisioned));
    return [guestOf("", [...names.keys()], provisioned)];
  }

  /** Finds the columns of a guest among its own. */
  function guestOf(vm: string, of: readonly number[], provisioned: Column | null): GuestColumns {
    const uses = at("used", of);
    if (uses.length > 0) {
      refuseHost(uses);
      return { vm, used: used(only("used", uses)), total: null, provisioned: provisioned ?? sold(of) };
    }
    const [totals, available] = [at("total", of), at("available", of)];
    if (totals.length === 1 && available.length === 1) {
      refuseHost([...totals, ...available]);
      const total = used(totals[0]);
      return { vm, used: used(available[0]), total, provisioned: provisioned ?? total };
    }
    const values = at("value", of);
    if (values.length > 0) return { vm, used: used(only("used", values)), total: null, provisioned };
    const either = at("memory", of);
    if (either.length === 0) throw missing("used", "memory in use", "used_kib");
    const could = either.map((i) => JSON.stringify(names[i])).join(" and ");
    throw new Error(`${could} may be memory that is sold or in use: one is named ${toldAs("used")}`);
  }

  /** Refuses memory of the host beside a column of its guests. Exporters of a guest write node_ and instance. */
  function refuseHost(uses: readonly number[]): void {
    if (vm === null || roles[vm] !== "guest") return;
    const whose = headings[vm].words.includes("instance") ? OF_HOST.filter((word) => word !== "node") : OF_HOST;
    const host = uses.find((i) => headings[i].words.some((word) => whose.includes(word)));
    if (host === undefined) return;
    const guest = `whose guests are in ${JSON.stringify(names[vm])}`;
    throw new Error(
      `${JSON.stringify(names[host])} may be of the host ${guest}: the memory of a guest is named ${toldAs("used")}`,
    );
  }

  function sold(of?: readonly number[]): Column | null {
    const totals = at("total", of).filter((i) => headings[i].unit !== "");
    return totals.length === 0 ? null : memory(only("provisioned", totals));
  }

  function used(index: number): Column {
    return memory(index, given.usedUnit);
  }

  function at(role: Role, of: readonly number[] = [...names.keys()]): number[] {
    return of.filter((i) => roles[i] === role);
  }

  function only(what: string, found: readonly number[]): number {
    if (found.length === 1) return found[0];
    const could = found.map((i) => JSON.stringify(names[i])).join(" and ");
    throw new Error(`${could} could both be meant by ${what}: one is named ${toldAs(what)}`);
  }

  function the(name: string): number {
    const found = [...names.keys()].filter((i) => names[i] === name);
    if (found.length === 1) return found[0];
    throw new Error(`expected ${found.length === 0 ? "a" : "one"} column ${JSON.stringify(name)}; ${there()}`);
  }

  function memory(index: number, unit?: string): Column {
    return column(index, MEMORY_UNITS, unit);
  }

  function column(index: number, units: Units, unit: string | undefined): Column {
    const spelling = unit ?? headings[index].unit;
    return { index, name: names[index], unit: spelling === "" ? null : unitOf(units, spelling) };
  }

  function missing(key: string, what: string, example: string): Error {
    const all = key === "used" ? ", or a list, of which each is a guest's" : "";
    return new Error(`expected a column of ${what}, such as ${example}; ${there()}: one is named ${toldAs(key)}${all}`);
  }

  function there(): string {
    return `there are ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  }
}

/**
 * Sorts series of Prometheus by the guest that a label names: the label that tells most of them apart. Null where there
 * are none.
 *
 * @throws Error: a series without a label that others have
 */
function guestsOfSeries(
  headings: readonly Heading[],
): readonly { readonly vm: string; readonly of: readonly number[] }[] | null {
  const series = [...headings.keys()].filter((i) => headings[i].labels !== null);
  if (series.length === 0) return null;
  const names = new Set(series.flatMap((i) => [...(headings[i].labels?.keys() ?? [])]));
  const ranked = (["guest", "place"] as const).map((rank) =>
    [...names].filter((name) => roleOf(headingOf(name)) === rank),
  );
  const labels = ranked.find((found) => found.length > 0) ?? [];
  const sorted = labels.map((label) => {
    const guests = new Map<string, number[]>();
    for (const i of series) {
      const vm = headings[i].labels?.get(label);
      if (vm === undefined || vm === "") {
        throw new Error(`expected a label ${label}, which names guests, in every series, got ${headings[i].name}`);
      }
      guests.set(vm, [...(guests.get(vm) ?? []), i]);
    }
    return [...guests].map(([vm, of]) => ({ vm, of }));
  });
  return sorted.reduce<(typeof sorted)[0] | null>((most, one) => (one.length > (most?.length ?? 0) ? one : most), null);
}
