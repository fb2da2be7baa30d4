/** Refuses rows of several guests under one name: a column of texts that nobody named may tell guests apart. */
import type { FoundColumns } from "./columns.js";
import { type DemandError, quote, toldAs } from "./demand-error.js";
import { headingOf } from "./heading.js";
import { type Row, wrongField } from "./row.js";

/** Texts that name no guest: figures with a unit or without, dates and times, what stands for no figure, and answers. */
const FIGURE = /^[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s*(%|[a-zA-Z/]{1,5})?$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const DATE = /^(\d{4}[-/.]\d\d?[-/.]|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?:\d\d)/;
const WORD = /^(|-|nan|null|none|na|n\/a|true|false|yes|no|on|off)$/i;
/** Headings of texts that change in one guest. */
const NO_NAME = /^(state|status|phase|health|notes?|comments?|remarks?|type|units?|event|action|level)$/;

/** Watches the columns that have no role, row by row. */
export class UnnamedGuests {
  /** The row in which a watched column had its first text, by the column's index. */
  readonly #first = new Map<number, Row | null>();
  readonly #names: readonly string[];

  constructor(names: readonly string[], { time, hour, vm, vmGiven, guests }: FoundColumns) {
    this.#names = names;
    if (vm !== null || vmGiven) return;
    const memory = guests.flatMap((one) => [one.used, one.total, one.provisioned]);
    const known = new Set([time, hour, ...memory].map((column) => column?.index));
    for (const [i, name] of names.entries()) {
      const isName = !headingOf(name).words.some((word) => NO_NAME.test(word));
      if (isName && !known.has(i)) this.#first.set(i, null);
    }
  }

  /** @throws DemandError: a column of texts has another than in a row before */
  see(row: Row): void {
    for (const [i, first] of this.#first) {
      const text = row.fields[i];
      if (first !== null && text === first.fields[i]) continue;
      if (isNoName(text)) {
        // a column of figures is watched no longer; one without a text yet may have one
        if (text !== "") this.#first.delete(i);
      } else if (first === null) {
        this.#first.set(i, row);
      } else {
        throw this.#refusal(i, first, row);
      }
    }
  }

  #refusal(i: number, first: Row, row: Row): DemandError {
    const has = `column ${quote(this.#names[i])} has ${quote(first.fields[i])} in line ${first.line} and ${quote(row.fields[i])}`;
    const problem = `${has} here: where it names guests, it is given ${toldAs("vm")}, and where it does not, vm: ""`;
    return wrongField(row, i, problem);
  }
}

function isNoName(text: string): boolean {
  return WORD.test(text) || DATE.test(text) || (FIGURE.test(text) && !ADDRESS.test(text));
}
