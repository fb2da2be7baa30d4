/** Reads and writes options in the config lines of scripts, by the table of options. */
import type { Option } from "../host/options/option.js";
import type { Region } from "../host/options/region.js";
import type { WorldOptions } from "../host/options/types.js";
import { WORLD_OPTIONS } from "../host/options/world-options.js";
import { choice, type Form, flag, integer } from "./forms.js";

/** An option that config lines can give. */
export interface ConfigKey {
  readonly key: string;
  /** Its API name. */
  readonly name: keyof WorldOptions;
  readonly option: Option<Required<WorldOptions>>;
  readonly form: Form<unknown>;
}

const region: Form<Region> = {
  expects: "START,SIZE in pages",
  read: (word) => {
    const [start, pages, ...more] = word.split(",").map(number.read);
    return start === undefined || pages === undefined || more.length > 0 ? undefined : { start, pages };
  },
};
const number = integer("the value");
const bit = flag("either");

/** The options that config lines can give, in the order of the table. */
export const CONFIG_KEYS: readonly ConfigKey[] = Object.entries<Option<Required<WorldOptions>>>(WORLD_OPTIONS).flatMap(
  ([name, option]) =>
    option.key === null ? [] : [{ key: option.key, name: name as keyof WorldOptions, option, form: formOf(option) }],
);

/** The values of omitted options whose default in scripts differs. */
export const SCRIPT_DEFAULTS: WorldOptions = Object.fromEntries(
  CONFIG_KEYS.flatMap(({ name, option }) =>
    "scriptDefault" in option && option.scriptDefault !== undefined ? [[name, option.scriptDefault]] : [],
  ),
);

function formOf(option: Option<never>): Form<unknown> {
  switch (option.form) {
    case "flag":
      return bit;
    case "choice":
      return choice("either", Object.fromEntries(option.values.map((value) => [value, value])));
    case "regions":
      return region;
    default:
      return number;
  }
}

/** Values of options by API name. They may be wrong values that a script could have. */
export type ConfigValues = { readonly [Name in keyof WorldOptions]?: unknown };

/**
 * Writes the config lines that give these options, in this order. Regions come last, each on its own line.
 *
 * @example
 * writeConfig({ maxPfn: 4096, scrub: false, holes: [{ start: 160, pages: 96 }] });
 * // ["config max_pfn=4096 scrub=0", "config hole=160,96"]
 */
export function writeConfig(values: ConfigValues): string[] {
  const pairs: string[] = [];
  const regions: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const key = CONFIG_KEYS.find((each) => each.name === name)?.key;
    if (value === undefined || key === undefined) continue;
    if (Array.isArray(value)) regions.push(...value.map((each) => `config ${key}=${wordOf(each)}`));
    else pairs.push(`${key}=${wordOf(value)}`);
  }
  return [...(pairs.length === 0 ? [] : [`config ${pairs.join(" ")}`]), ...regions];
}

function wordOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value !== "object" || value === null) return String(value);
  const { start, pages } = value as Region;
  return `${start},${pages}`;
}
