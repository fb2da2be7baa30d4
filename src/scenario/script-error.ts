/** A script that is not valid: nothing of it runs from that line on. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** Number of the line in the script, from 1. */
  readonly line: number;

  /** @param problem - one line: where in the line, what was expected, what came */
  constructor(line: number, problem: string, options?: ErrorOptions) {
    super(`line ${line}: ${problem}`, options);
    this.line = line;
  }
}
