/** Watches the values of a column in the rows of one guest: values that come by turns may be of several guests. */
import type { Row } from "./row.js";

/** The most different values that are watched: more are measurements. */
const MOST_VALUES = 64;

/** The values of a column, row after row. */
export class Turns {
  /** The row of the first value. */
  readonly first: Row;
  /** The first row of another value; null while there is one value. */
  second: Row | null = null;
  readonly #index: number;
  /** The values of the first round, which ends where the first value comes again. */
  readonly #round: string[];
  readonly #values: Set<string>;
  #closed = false;
  #regular = true;
  #returns = false;
  #last: string;
  #count = 1;

  /** @param index - of the column. */
  constructor(first: Row, index: number) {
    this.first = first;
    this.#index = index;
    this.#last = first.fields[index];
    this.#round = [this.#last];
    this.#values = new Set(this.#round);
  }

  /** True: every round has the same values in the same order, and there are two whole rounds or more. */
  get areRounds(): boolean {
    return this.#areFew && this.#closed && this.#regular && this.#count >= 2 * this.#round.length;
  }

  /** True: a value came again after another. */
  get return(): boolean {
    return this.#areFew && this.#returns;
  }

  get #areFew(): boolean {
    return this.#values.size > 1 && this.#values.size <= MOST_VALUES;
  }

  see(row: Row): void {
    const text = row.fields[this.#index];
    const at = this.#count++;
    if (this.#values.size > MOST_VALUES) return;
    const isKnown = this.#values.has(text);
    if (text === this.#last) this.#regular = false;
    else if (isKnown) this.#returns = true;
    this.#last = text;
    if (!isKnown) {
      this.second ??= row;
      this.#values.add(text);
    }
    if (!this.#closed && isKnown) this.#closed = true;
    if (this.#closed) this.#regular &&= text === this.#round[at % this.#round.length];
    else this.#round.push(text);
  }
}
