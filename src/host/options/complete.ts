/** Fills in the omitted options and checks the given ones, by a table of options. */
import { ArgumentRangeError, ArgumentTypeError } from "../argument-error.js";
import { describe } from "../arguments.js";
import { belongsTo, foreign, type Generation } from "../generation.js";
import { U32_MAX } from "../integers.js";
import { MAX_REGIONS } from "./limits.js";
import type { ChoiceOption, Computed, NumberOption, Option, RegionsOption, Table, Value } from "./option.js";
import type { Region } from "./region.js";

/**
 * Returns a frozen object with a value for every option of the table, given or by default; it lacks the options of a
 * generation that is not its driver's. A limit is cut to the largest value that has an effect, and regions are cut at
 * their end, as the driver and the boot do.
 *
 * @throws ArgumentRangeError - a value out of its range, or an option that another generation of the driver has
 * @throws ArgumentTypeError - a value of another type, or none for an option without a default
 */
export function complete<C extends object>(table: Table<C>, options: Partial<C>): Required<C> {
  const config = {} as Required<C> & { readonly driver: Generation };
  // an option may depend on any other, so each is read on demand
  for (const [name, option] of Object.entries<Option<Required<C>>>(table)) {
    const given: unknown = options[name as keyof C];
    // the first entry of a table with such options is the driver
    if (option.generation !== undefined && !belongsTo(config.driver, option)) {
      if (given === undefined) continue;
      const { expected, got } = foreign(config.driver, option);
      throw new ArgumentRangeError(name, expected, got);
    }
    Object.defineProperty(config, name, { enumerable: true, get: () => read(name, option, given, config) });
  }
  return Object.freeze({ ...config }) as Required<C>;
}

function read<C>(name: string, option: Option<C>, given: unknown, config: C): unknown {
  switch (option.form) {
    case "flag":
      return readFlag(name, given === undefined ? option.default : given);
    case "choice":
      return readChoice(name, option, given === undefined ? option.default : given);
    case "regions":
      return readRegions(name, option, given === undefined ? [] : given, config);
    default:
      return readNumber(name, option, given, config);
  }
}

function readFlag(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw new ArgumentTypeError(name, "true or false", describe(value));
  return value;
}

function readChoice(name: string, { values, show }: ChoiceOption, value: unknown): unknown {
  if (!values.includes(value as string)) {
    throw new ArgumentRangeError(name, String(values.join(" or ")), show(value));
  }
  return value;
}

function readNumber<C>(name: string, option: NumberOption<C>, given: unknown, config: C): unknown {
  const { unit, from, zeroIsDefault } = option;
  const left = given === undefined || (zeroIsDefault === true && given === 0);
  const value = left && option.default !== undefined ? resolve(option.default, config) : given;
  if (typeof value !== "number") throw new ArgumentTypeError(name, `${unit} as a number`, describe(value));
  const to = resolve(option.to, config);
  if (!left && (!Number.isInteger(value) || value < from || value > to)) {
    throw new ArgumentRangeError(name, `${unit} from ${from} to ${to}`, String(value));
  }
  const wrong = option.wrong?.(value, config) ?? null;
  if (wrong !== null) throw new ArgumentRangeError(name, wrong.expected, wrong.got);
  if (option.form === "powerOfTwo" && 2 ** Math.round(Math.log2(value)) !== value) {
    throw new ArgumentRangeError(name, `a power of two, in ${unit}`, String(value));
  }
  return option.form === "integer" ? value : Math.min(value, resolve(option.highest, config));
}

function readRegions<C>(name: string, option: RegionsOption<C>, value: unknown, config: C): readonly Region[] {
  if (!Array.isArray(value)) throw new ArgumentTypeError(name, "a list of regions", describe(value));
  const { length } = value;
  if (length > MAX_REGIONS) throw new ArgumentRangeError(name, `at most ${MAX_REGIONS} regions`, String(length));
  // reads the caller's list and its regions once
  const regions = Array.from({ length }, (_, i): Region => {
    const { start, pages }: Partial<Region> = value[i] ?? {};
    return { start: readRegionNumber(name, start), pages: readRegionNumber(name, pages) };
  });
  const wrong = option.wrong?.(regions, config) ?? null;
  if (wrong !== null) throw new ArgumentRangeError(name, wrong.expected, wrong.got);
  const end = option.end.of(config);
  return regions
    .map(({ start, pages }) => Object.freeze({ start, pages: Math.min(pages, end - start) }))
    .filter(({ pages }) => pages > 0);
}

function readRegionNumber(name: string, number: unknown): number {
  if (typeof number !== "number") {
    throw new ArgumentTypeError(name, "start (a PFN) and pages as numbers", describe(number));
  }
  if (!Number.isInteger(number) || number < 0 || number > U32_MAX) {
    throw new ArgumentRangeError(name, `start (a PFN) and pages from 0 to ${U32_MAX}`, String(number));
  }
  return number;
}

/** Returns the value, or computes it from these options. */
function resolve<T extends number, C>(value: Value<T, C>, config: C): T {
  return typeof value === "number" ? value : (value as Computed<T, C>).of(config);
}
