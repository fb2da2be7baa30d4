/** An error for an invalid script. Nothing runs from its line on. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** The number of the line in the script, from 1; null for an operation that stands alone. */
  readonly line: number | null;

  /** @param problem - one line of text: the place in the line, the expected form and the word that came */
  constructor(line: number | null, problem: string, options?: ErrorOptions) {
    super(line === null ? problem : `line ${line}: ${problem}`, options);
    this.line = line;
  }
}
