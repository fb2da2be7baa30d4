/** Records the operations done so far as a script. */
import { parseOperation } from "xen-balloon/core";

export class Recorder {
  readonly #config: string;
  readonly #lines: string[] = [];
  /** The ms of the last line, if it is an advance. */
  #advancedMs: number | null = null;

  /** @param config - config lines; other config lines may follow each of them. */
  constructor(config: string) {
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
    const operation = parseOperation(at, words);
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

  /** The text of the script. */
  get text(): string {
    return this.#config + this.#lines.map((line) => `${line}\n`).join("");
  }
}
