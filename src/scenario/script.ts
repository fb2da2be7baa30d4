/**
 * Reads scripts. A script is a configuration, then operations; the whole script is checked before any of it runs.
 */
import { ArgumentRangeError, problemOf } from "../host/argument-error.js";
import { completeWorldConfig, type WorldConfig, type WorldOptions } from "../host/config.js";
import { CONFIG_KEYS, type ConfigKey, SCRIPT_DEFAULTS } from "./config-lines.js";
import { quote } from "./forms.js";
import { type Operation, parseOperation } from "./operation.js";
import { ScriptError } from "./script-error.js";

/** One operation and its place in the script. */
export interface Step {
  /** The number of the operation, from 0. */
  readonly index: number;
  /** The number of the line in the script, from 1, or null for an operation that stands alone; and its exact text. */
  readonly line: number | null;
  readonly text: string;
  readonly operation: Operation;
}

/** A valid script. */
export interface Script {
  readonly config: WorldConfig;
  readonly steps: readonly Step[];
}

const KEYS: ReadonlyMap<string, ConfigKey> = new Map(CONFIG_KEYS.map((each) => [each.key, each]));

/**
 * Reads a script.
 *
 * @param defaults - the options that the script has where it does not give them.
 * @throws ScriptError - it names the first wrong line, the expected form and the word that came
 */
export function parseScript(text: string, defaults: WorldOptions = {}): Script {
  const lines = new ConfigLines(defaults);
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
      steps.push({
        index: steps.length,
        line,
        text: lineText,
        operation: parseOperation(line, words, config.guest.driver),
      });
    } else if (config !== null) {
      throw new ScriptError(line, "config: expected before the first operation");
    } else {
      for (const word of words.slice(1)) lines.add(line, word);
    }
  }
  return { config: config ?? lines.complete(), steps };
}

/** Collects the values of the config lines and their lines. The last value of a repeated key counts; regions add up. */
class ConfigLines {
  readonly #options: Record<string, unknown>;
  readonly #places = new Map<string, { key: string; line: number }>();

  constructor(defaults: WorldOptions) {
    this.#options = { ...SCRIPT_DEFAULTS, ...defaults };
  }

  add(line: number, word: string): void {
    const at = word.indexOf("=");
    if (at < 0) throw new ScriptError(line, `config: expected key=value, got ${quote(word)}`);
    const key = word.slice(0, at);
    const known = KEYS.get(key);
    if (known === undefined)
      throw new ScriptError(line, `config: no key ${quote(key)}; there are ${[...KEYS.keys()].join(", ")}`);
    const { name, option, form } = known;
    const given = word.slice(at + 1);
    const value = form.read(given);
    if (value === undefined) throw new ScriptError(line, `${key}: expected ${form.expects}, got ${quote(given)}`);
    this.#options[name] =
      option.form === "regions" ? [...((this.#options[name] as unknown[] | undefined) ?? []), value] : value;
    this.#places.set(name, { key, line });
  }

  complete(): WorldConfig {
    try {
      return completeWorldConfig(this.#options);
    } catch (error) {
      if (!(error instanceof ArgumentRangeError)) throw error;
      const { key, line } = this.#places.get(error.key) ?? { key: error.key, line: 1 };
      throw new ScriptError(line, `${key}: ${problemOf(error)}`, { cause: error });
    }
  }
}
