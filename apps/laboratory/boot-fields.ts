/** Makes a configuration from the fields of the boot form, and the fields' texts from a configuration. */
import {
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigValues,
  completeGuestConfig,
  messageOf,
  parseScript,
  ScriptError,
  writeConfig,
} from "xen-balloon/core";
import { readPages, writePages } from "./quantity.js";

/** The texts of the fields, by the keys of config lines. Regions are START,SIZE in pages, a line each. */
export type FieldTexts = Readonly<Record<string, string>>;

/** The units of options that a reader writes as an amount of memory. */
const AMOUNTS = new Set(["pages", "frames", "a PFN"]);

/** True: the field holds an amount of memory with its unit. */
export function isAmount({ option }: ConfigKey): boolean {
  return "unit" in option && AMOUNTS.has(option.unit);
}

/**
 * Writes the config lines for these fields. An empty field gives its option's default.
 *
 * @throws FieldError: a field holds no amount of memory
 */
export function configOfTexts(texts: FieldTexts): string {
  const values: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS) {
    const text = texts[key.key]?.trim() ?? "";
    if (text !== "") values[key.name] = valueIn(key, text);
  }
  return configOfFields(values);
}

/** A field that cannot be read. */
export class FieldError extends Error {
  /** The key of the field's option. */
  readonly key: string;

  constructor(key: string, problem: string, options?: ErrorOptions) {
    super(`${key}: ${problem}`, options);
    this.key = key;
  }
}

/** The error of a field in an error of its boot; null where it is none of a field. */
export function keyOfProblem(error: unknown): FieldError | null {
  if (error instanceof FieldError) return error;
  // a line of a script that the reader has not written
  const [, key, problem] = /^line \d+: (\w+): (.*)$/s.exec(messageOf(error)) ?? [];
  const known = CONFIG_KEYS.some((each) => each.key === key);
  return known ? new FieldError(key, problem, { cause: error }) : null;
}

function valueIn(key: ConfigKey, text: string): unknown {
  if (key.option.form === "regions") {
    const lines = text.split("\n").map((line) => line.replaceAll(/\s/g, ""));
    return lines.filter((line) => line !== "");
  }
  if (!isAmount(key)) return text.replaceAll(",", "");
  try {
    return readPages(text);
  } catch (error) {
    throw new FieldError(key.key, (error as Error).message);
  }
}

/**
 * Writes the texts of the fields for config lines. A word that is no value of its option is written as it is. A script
 * without nr_pages has 0; a field without it has what is backed.
 */
export function textsOfConfig(config: string): FieldTexts {
  const words = config.split("\n").flatMap((line) =>
    line
      .trim()
      .split(/[ \t]+/)
      .slice(1),
  );
  const texts: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    const key = CONFIG_KEYS.find((each) => each.key === word.slice(0, at));
    if (key === undefined) continue;
    const text = textOf(key, word.slice(at + 1));
    const before = texts[key.key];
    texts[key.key] = key.option.form === "regions" && before !== undefined ? `${before}\n${text}` : text;
  }
  const backed = backedBy(writtenWithoutSize(words));
  const given = texts.nr_pages ?? writePages(0);
  texts.nr_pages = backed !== null && given === writePages(backed) ? "" : given;
  return texts;
}

function textOf(key: ConfigKey, word: string): string {
  const value = key.form.read(word);
  return isAmount(key) && typeof value === "number" && value >= 0 ? writePages(value) : word;
}

function writtenWithoutSize(words: readonly string[]): string {
  return words
    .filter((word) => !word.startsWith("nr_pages="))
    .map((word) => `config ${word}`)
    .join("\n");
}

/**
 * Writes the config lines for these options. Regions have the form of the fields: START,SIZE. A script without nr_pages
 * has 0, so the number of backed pages is written out. Invalid values are written unchanged, and the boot reports them.
 *
 * @example
 * configOfFields({ domain: "pv", maxPfn: 100, holes: ["50,100"] });
 * // "config domain=pv max_pfn=100 nr_pages=50\nconfig hole=50,100"
 */
export function configOfFields({ domain, maxPfn, nrPages, ...others }: ConfigValues): string {
  const written = writeConfig({ domain, maxPfn, nrPages, ...others }).join("\n");
  if (nrPages !== undefined) return written;
  const backed = backedBy(written);
  return backed === null ? written : writeConfig({ domain, maxPfn, nrPages: backed, ...others }).join("\n");
}

/** Computes the default nrPages of a guest with this configuration; null if the configuration is invalid. */
function backedBy(config: string): number | null {
  try {
    const { nrPages, ...guest } = parseScript(config).config.guest;
    return completeGuestConfig(guest).nrPages;
  } catch (error) {
    if (error instanceof ScriptError) return null;
    throw error;
  }
}
