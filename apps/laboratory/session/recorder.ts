/** Records the operations done so far as a script. */
import { type GuestConfig, parseOperation, parseScript } from "xen-balloon/core";

export class Recorder {
  readonly #config: string;
  readonly #lines: string[] = [];
  readonly #driver: GuestConfig["driver"];
  /** The ms of the last line, if it is an advance. */
  #advancedMs: number | null = null;

  /**
   * @param config - config lines; other config lines may follow each of them.
   * @throws ScriptError: the lines are no configuration
   */
  constructor(config: string) {
    this.#driver = parseScript(config).config.guest.driver;
    this.#config = config === "" || config.endsWith("\n") ? config : `${config}\n`;
  }

  /**
   * Adds an operation. An advance after another one extends it, because time that passes in two parts has the same
   * effect.
   *
   * @throws ScriptError: the line is no operation. Nothing has changed then.
   */
  add(line: string): void {
    const at = this.#config.split("\n").length + this.#lines.length;
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    const operation = parseOperation(at, words, this.#driver);
    const advanced = operation.op === "advance" ? operation.ms : null;
    const together = (this.#advancedMs ?? 0) + (advanced ?? 0);
    if (advanced !== null && this.#advancedMs !== null && Number.isSafeInteger(together)) {
      this.#lines[this.#lines.length - 1] = `advance ${together}`;
      this.#advancedMs = together;
    } else {
      this.#lines.push(words.join(" "));
      this.#advancedMs = advanced;
    }
  }

  /** The number of operations in the script. */
  get operations(): number {
    return this.#lines.length;
  }

  /** The text of the configuration. */
  get config(): string {
    return this.#config;
  }

  /** The text of the script. */
  get text(): string {
    return this.#config + this.#lines.map((line) => `${line}\n`).join("");
  }
}
