/** Describes options in words, for doc comments, schemas, help and reference pages. Option names are in backquotes. */
import type { OfGeneration } from "../generation.js";
import { MAX_REGIONS } from "./limits.js";
import type { Option, Value } from "./option.js";

/** Describes the values an option can have, for example `Pages, 0 to 2^32 - 1`. */
export function rangeOf<C>(option: Option<C>): string {
  switch (option.form) {
    case "flag":
      return "True or false";
    case "choice":
      return option.values.map((value) => `\`${value}\``).join(" or ");
    case "regions":
      return `At most ${MAX_REGIONS} regions, cut at ${option.end.says}`;
    case "integer":
      return `${capital(option.unit)}, ${numberText(option.from)} to ${valueText(option.to)}`;
    default:
      return `${capital(option.unit)}, ${numberText(option.from)} or more; cut to ${valueText(option.highest)}`;
  }
}

/** Describes the default of an option; null if the option must be given. */
export function defaultOf<C>(option: Option<C>): string | null {
  if (option.form === "regions") return "none";
  if (option.form === "choice") return `\`${option.default}\``;
  if (option.form === "flag") return String(option.default);
  return option.default === undefined ? null : valueText(option.default);
}

/** Joins an option's sentence, range and default, and the generation to which it belongs. */
export function tellOption<C>(option: Option<C>): string {
  const byDefault = defaultOf(option);
  const range = option.form === "flag" || option.form === "choice" ? "" : ` ${rangeOf(option)}.`;
  return `${tellEntry(option)}${range}${byDefault === null ? "" : ` Default: ${byDefault}.`}`;
}

/** The sentence of an entry of a table, and the generation to which it belongs. */
export function tellEntry({ sentence, generation }: OfGeneration & { readonly sentence: string }): string {
  return generation === undefined ? sentence : `${sentence} (Driver \`${generation}\` alone.)`;
}

function valueText<C>(value: Value<number, C>): string {
  return typeof value === "number" ? numberText(value) : value.says;
}

/** Formats a number: large powers of two as powers, other large numbers with commas. */
function numberText(value: number): string {
  for (const [number, rest] of [
    [value, ""],
    [value + 1, " - 1"],
  ] as const) {
    const power = Math.log2(number);
    if (power > 16 && Number.isInteger(power)) return `2^${power}${rest}`;
  }
  return value < 10_000 ? String(value) : value.toLocaleString("en");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
