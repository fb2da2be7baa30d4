/** The error of a text that cannot be read as the boot log of one Xen guest. */
export class BootLogError extends Error {
  override readonly name = "BootLogError";
  /** The number of the wrong line (the first is 1), if there is one. */
  readonly line: number | undefined;

  /** @param problem - the expected and the found, or the lines that do not fit together. */
  constructor(problem: string, line?: number) {
    super(line === undefined ? problem : `line ${line}: ${problem}`);
    this.line = line;
  }
}
