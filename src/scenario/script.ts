/**
 * Scripts: a configuration, then operations. A script is read and checked as a whole before any of it runs.
 */
import type { Region } from "../host/backend.js";
import { ConfigError, completeWorldConfig, type WorldConfig, type WorldOptions } from "../host/config.js";
import { choice, type Form, flag, integer, quote } from "./forms.js";
import { type Operation, parseOperation } from "./operation.js";
import { ScriptError } from "./script-error.js";

/** One operation and where it stands. */
export interface Step {
  /** Number of the operation, from 0. */
  readonly index: number;
  /** Number of the line in the script, from 1, and its text as it is. */
  readonly line: number;
  readonly text: string;
  readonly operation: Operation;
}

/** A valid script. */
export interface Script {
  readonly config: WorldConfig;
  readonly steps: readonly Step[];
}

const number = integer("the value");
const bit = flag("either");
const region: Form<Region> = {
  expects: "START,SIZE in pages",
  read: (word) => {
    const [start, pages, ...more] = word.split(",").map(number.read);
    return start === undefined || pages === undefined || more.length > 0 ? undefined : { start, pages };
  },
};

/** The keys of config lines: the option each gives, and its form. */
const CONFIG_KEYS: Readonly<Record<string, readonly [keyof WorldOptions, Form<unknown>]>> = {
  xen: ["xen", bit],
  domain: ["domain", choice("either", { pv: "pv", hvm: "hvm" })],
  nr_pages: ["nrPages", number],
  released: ["releasedPages", number],
  max_pfn: ["maxPfn", number],
  extra: ["extraRegions", region],
  hole: ["holes", region],
  highmem_start: ["highmemStart", number],
  reserved: ["reservedPages", number],
  cpus: ["cpus", number],
  host_pages: ["hostPages", number],
  mfn_base: ["mfnBase", number],
  max_pages: ["maxPages", number],
  mfn_seed: ["mfnSeed", number],
  pfn_limit: ["pfnLimit", number],
  frame_list: ["frameListCapacity", number],
  hotplug: ["hotplug", bit],
  section: ["sectionPages", number],
  scrub: ["scrub", bit],
  bytes: ["contents", bit],
  watermark: ["watermarkPages", number],
  watermark_high: ["watermarkHighPages", number],
};

/**
 * Reads a script.
 *
 * @throws ScriptError - what the first wrong line has, what was expected there and what came
 */
export function parseScript(text: string): Script {
  const lines = new ConfigLines();
  let config: WorldConfig | null = null;
  const steps: Step[] = [];
  for (const [i, lineText] of text.split("\n").entries()) {
    const line = i + 1;
    if (lineText.includes("\r")) throw new ScriptError(line, "expected lines that end in LF alone, got a CR");
    if (lineText === "" || lineText.startsWith("#")) continue;
    const words = lineText.split(/[ \t]+/).filter((word) => word !== "");
    if (words.length === 0) throw new ScriptError(line, "expected an operation, got only spaces");
    if (words[0] !== "config") {
      config ??= lines.complete();
      steps.push({ index: steps.length, line, text: lineText, operation: parseOperation(line, words) });
    } else if (config !== null) {
      throw new ScriptError(line, "config: expected before the first operation");
    } else {
      for (const word of words.slice(1)) lines.add(line, word);
    }
  }
  return { config: config ?? lines.complete(), steps };
}

/** What the config lines say, and where: of a key that is given again the last counts, but regions add up. */
class ConfigLines {
  readonly #options: Record<string, unknown> = {};
  readonly #places = new Map<keyof WorldOptions, { key: string; line: number }>();

  add(line: number, word: string): void {
    const at = word.indexOf("=");
    if (at < 0) throw new ScriptError(line, `config: expected key=value, got ${quote(word)}`);
    const key = word.slice(0, at);
    if (!Object.hasOwn(CONFIG_KEYS, key)) throw new ScriptError(line, `config: no key ${quote(key)}`);
    const [option, form] = CONFIG_KEYS[key];
    const given = word.slice(at + 1);
    const value = form.read(given);
    if (value === undefined) throw new ScriptError(line, `${key}: expected ${form.expects}, got ${quote(given)}`);
    this.#options[option] = form === region ? [...((this.#options[option] as Region[]) ?? []), value] : value;
    this.#places.set(option, { key, line });
  }

  complete(): WorldConfig {
    try {
      return completeWorldConfig(this.#options);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { key, line } = this.#places.get(error.key) ?? { key: error.key, line: 1 };
      throw new ScriptError(line, `${key}: ${error.problem}`, { cause: error });
    }
  }
}
