/** Refuses rows of several guests under one name: a column that nobody named may tell guests apart. */
import type { FoundColumns } from "./columns.js";
import { type DemandError, quote, toldAs } from "./demand-error.js";
import { headingOf, roleOf } from "./heading.js";
import { type Row, wrongField } from "./row.js";
import { Turns } from "./turns.js";

/** Texts that name no guest: figures with a unit or without, dates and times, what stands for no figure, and answers. */
const FIGURE =
  /^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s*(%|([kKmMgGtT]i?)?([bB](ytes?)?)?(\/s|ps)?|[kKmMgG]?[hH][zZ]|[muµn]?s|min|h|d|W|V|C|rpm)?$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const DATE = /^(\d{4}[-/.]\d\d?[-/.]|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?:\d\d)/;
const NOTHING = /^(|-|nan|null|none|na|n\/a)$/i;
const ANSWER = /^(true|false|yes|no|on|off)$/i;
/** A number that may be one of a guest. */
const NUMBER = /^\d+$/;
/** Headings of texts that change in one guest. */
const NO_NAME = /^(state|status|phase|health|notes?|comments?|remarks?|type|units?|event|action|level)$/;

/**
 * Watches the columns that have no role, row by row. A text that changes within a guest is refused at once; a number, a
 * state and the memory that is sold may change, and are refused where they do so by regular turns.
 */
export class UnnamedGuests {
  readonly #names: readonly string[];
  readonly #vm: number | null;
  /** The values of a watched column by guest, by the column's index. */
  readonly #watched = new Map<number, Map<string, Turns>>();
  /** The columns whose values may change in one guest, whatever they are. */
  readonly #changing = new Set<number>();

  constructor(names: readonly string[], { time, hour, vm, vmGiven, guests }: FoundColumns) {
    this.#names = names;
    this.#vm = vm === null ? null : vm.index;
    if (vmGiven) return;
    const sold = new Set(guests.flatMap((one) => [one.total?.index, one.provisioned?.index]));
    const known = new Set([time, hour, vm, ...guests.map((one) => one.used)].map((column) => column?.index));
    for (const [i, name] of names.entries()) {
      const heading = headingOf(name);
      const isTime = ["time", "date", "hour"].includes(roleOf(heading) ?? "");
      if (known.has(i) || (isTime && !sold.has(i))) continue;
      this.#watched.set(i, new Map());
      if (sold.has(i) || heading.words.some((word) => NO_NAME.test(word))) this.#changing.add(i);
    }
  }

  /** @throws DemandError: a column of texts has another than in a row of the same guest before */
  see(row: Row): void {
    const vm = this.#vm === null ? "" : row.fields[this.#vm];
    for (const [i, guests] of this.#watched) {
      const text = row.fields[i];
      if (NOTHING.test(text)) continue;
      const turns = guests.get(vm);
      if (!this.#changing.has(i) && isMeasured(text)) {
        this.#watched.delete(i);
      } else if (turns === undefined) {
        guests.set(vm, new Turns(row, i));
      } else {
        const first = turns.first.fields[i];
        if (text !== first && !this.#changing.has(i) && (isName(text) || isName(first))) {
          throw this.#refusal(i, turns.first, row, "");
        }
        turns.see(row);
      }
    }
  }

  /**
   * @returns a note for each column in which a value comes again after another, once all rows were seen.
   * @throws DemandError: a column has the same values over and over, in the same order
   */
  notes(): readonly string[] {
    const notes: string[] = [];
    for (const [i, guests] of this.#watched) {
      for (const turns of guests.values()) {
        if (turns.second !== null && turns.areRounds) throw this.#refusal(i, turns.first, turns.second, ", by turns");
      }
      const found = [...guests.values()].find((turns) => turns.return);
      if (found?.second == null) continue;
      const values = `${quote(found.first.fields[i])} and ${quote(found.second.fields[i])}`;
      notes.push(`column ${JSON.stringify(this.#names[i])} changes between ${values}, and counts as no guest's name`);
    }
    return notes;
  }

  #refusal(i: number, first: Row, row: Row, turns: string): DemandError {
    const has = `column ${quote(this.#names[i])} has ${quote(first.fields[i])} in line ${first.line} and ${quote(row.fields[i])}`;
    const whose = this.#vm === null ? "" : ` for one guest of column ${quote(this.#names[this.#vm])}`;
    const ways =
      this.#vm === null
        ? `where it names guests, it is given ${toldAs("vm")}, and where it does not, vm: ""`
        : `the column that tells all guests apart is given ${toldAs("vm")}`;
    const sold = turns === "" ? "" : ". Guests without a column of names have a file each";
    return wrongField(row, i, `${has} here${turns}${whose}: ${ways}${sold}`);
  }
}

/** True: a figure that is no whole number, or a date. */
function isMeasured(text: string): boolean {
  return DATE.test(text) || (FIGURE.test(text) && !ADDRESS.test(text) && !NUMBER.test(text));
}

function isName(text: string): boolean {
  return !NUMBER.test(text) && !ANSWER.test(text);
}
