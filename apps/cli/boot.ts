/** `boot LOG`: reads a guest's boot log, and shows its memory and the figures that the driver would start with. */

import { type GivenFigures, readBootLog } from "../bootlog/layout.js";
import { BootLogError } from "../bootlog/parse.js";
import { configLines, showLayout } from "../bootlog/show.js";
import { Failure, readText } from "./failure.js";

/** Options of the command. */
export interface BootOptions extends GivenFigures {
  readonly script?: true;
}

/** @returns the exit status. */
export function boot(file: string, { script, ...given }: BootOptions): number {
  try {
    const layout = readBootLog(readText(file), given);
    process.stdout.write(`${script ? configLines(layout) : showLayout(layout)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof BootLogError || error instanceof RangeError) {
      throw new Failure(`${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
