/** Reads numbers with either decimal mark, and finds out which one a table has. */
import { quote, toldAs } from "./demand-error.js";
import { type Row, wrongField } from "./row.js";

export type DecimalMark = "." | ",";

const WHOLE = /^[+-]?\d+$/;
/** A number with a point that cannot be one of thousands: most numbers, and quickly told. */
const POINT = /^[+-]?\d+\.(\d{1,2}|\d{4,})$/;
const GROUPS = /(?<=\d)[ '’\u00a0\u202f](?=\d{3}(\D|$))/g;
const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?$/;
const GROUPED = /^[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:([.,])\d*)?$/;

/** A number, and the decimal mark that it proves. */
interface Parsed {
  readonly value: number;
  readonly mark: DecimalMark | null;
  /** True: the number is another with the other mark, and nothing in it tells which. */
  readonly leans: boolean;
}

const other = (mark: string): DecimalMark => (mark === "." ? "," : ".");

/**
 * Parses a number. `1,5`, `1.234.567` and `1.234,5` prove their decimal mark.
 *
 * @param mark - the decimal mark of the table; null while it is not known.
 * @returns `unclear` for a number such as 1,024, which may be 1024 or a little more than 1; null for no number.
 */
function parse(text: string, mark: DecimalMark | null): Parsed | "unclear" | null {
  if (WHOLE.test(text)) return { value: Number(text), mark: null, leans: false };
  if (POINT.test(text)) return { value: Number(text), mark: ".", leans: false };
  const number = text.replace(GROUPS, "");
  const grouped = GROUPED.exec(number);
  if (grouped !== null) {
    const [, group, decimal] = grouped;
    const groups = number.split(group).length - 1;
    const proved =
      decimal !== undefined && decimal !== group ? (decimal as DecimalMark) : groups > 1 ? other(group) : null;
    // a group cannot begin with 0
    const leads = /^[+-]?0/.test(number) ? (group as DecimalMark) : null;
    const known = proved ?? leads ?? mark;
    if (known === null) return "unclear";
    const plain = number.replaceAll(other(known), "").replace(known, ".");
    return { value: Number(plain), mark: proved ?? leads, leans: (proved ?? leads) === null };
  }
  if (!NUMBER.test(number)) return null;
  const [found] = /[.,]/.exec(number) ?? [];
  return { value: Number(number.replace(",", ".")), mark: (found as DecimalMark) ?? null, leans: false };
}

/** Reads the numbers of one table. */
export class NumberReader {
  readonly #rows: () => Iterable<Row>;
  readonly #columns: readonly number[];
  readonly #isGiven: boolean;
  #mark: DecimalMark | null;
  #searched = false;
  #leans = false;

  /**
   * @param mark - the decimal mark that was given.
   * @param columns - the indexes of the columns in use: a version in another proves nothing.
   * @param rows - yields all rows, for the search for a number that proves the mark.
   */
  constructor(mark: DecimalMark | undefined, columns: readonly number[], rows: () => Iterable<Row>) {
    this.#isGiven = mark !== undefined;
    this.#mark = mark ?? null;
    this.#columns = columns;
    this.#rows = rows;
  }

  /** A note where a number was read by the mark of others, which nobody gave. */
  notes(): readonly string[] {
    return this.#leans && !this.#isGiven
      ? [`decimals after ${JSON.stringify(this.#mark)}, as other numbers have them`]
      : [];
  }

  /**
   * @returns NaN for text that is no number.
   * @throws DemandError: a number that can be read in two ways, or whose decimal mark is not that of the table
   */
  read(text: string, row: Row, index: number): number {
    let parsed = parse(text, this.#mark);
    if (parsed === "unclear") {
      this.#search();
      parsed = parse(text, this.#mark);
      if (parsed === "unclear") {
        const problem = `${quote(text)} may have thousands or decimals: expected the decimal mark ${toldAs("decimal")}`;
        throw wrongField(row, index, problem);
      }
    }
    if (parsed === null) return Number.NaN;
    if (parsed.mark !== null && this.#mark !== null && parsed.mark !== this.#mark) {
      throw wrongField(
        row,
        index,
        `expected ${quote(this.#mark)} as the decimal mark, as elsewhere, got ${quote(text)}`,
      );
    }
    this.#mark ??= parsed.mark;
    this.#leans ||= parsed.leans;
    return parsed.value;
  }

  /** Searches the columns in use. */
  #search(): void {
    if (this.#searched) return;
    this.#searched = true;
    for (const { fields } of this.#rows()) {
      for (const index of this.#columns) {
        const field = fields[index];
        const parsed = /^[+-]?[\d.,]+$/.test(field) ? parse(field, null) : null;
        if (parsed === null || parsed === "unclear" || parsed.mark === null) continue;
        this.#mark = parsed.mark;
        return;
      }
    }
  }
}
