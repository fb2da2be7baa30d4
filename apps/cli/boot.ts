/** `boot LOG`: reads a guest's boot log, and shows its memory and the figures that the driver would start with. */
import { BootLogError } from "../bootlog/error.js";
import type { GivenFigures } from "../bootlog/layout.js";
import { readBootLog } from "../bootlog/read.js";
import { configLines, missingLine, showLayout } from "../bootlog/show.js";
import { Failure, readBytes } from "./failure.js";

/** Options of the command. */
export interface BootOptions extends GivenFigures {
  readonly script?: true;
  /** The number of the boot in a log of several, from 1. */
  readonly boot?: number;
}

/** @returns the exit status: 2 for a script that does not run, because a figure is missing. */
export function boot(file: string, { script, boot, ...given }: BootOptions): number {
  try {
    const layout = readBootLog(readBytes(file), given, boot);
    process.stdout.write(`${script ? configLines(layout) : showLayout(layout)}\n`);
    if (!script) return 0;
    for (const figure of layout.missing) process.stderr.write(`xen-balloon: ${file}: ${missingLine(figure)}\n`);
    return layout.missing.length > 0 ? 2 : 0;
  } catch (error) {
    if (error instanceof BootLogError || error instanceof RangeError) {
      throw new Failure(`${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
