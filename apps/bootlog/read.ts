/** Reads a boot log: its capture, one of its boots, the layout, and what is missing from it. */
import { splitBoots } from "./boots.js";
import { type LogLine, readCapture } from "./capture.js";
import { driverNotes } from "./driver.js";
import { BootLogError } from "./error.js";
import { type BootFigures, type GivenFigures, layOut, readBoot } from "./layout.js";
import { type MissingFigure, missingFigures } from "./missing.js";
import { isDom0 } from "./nr-pages.js";

/** The layout of a guest's memory at boot. */
export interface BootLayout extends BootFigures {
  readonly missing: readonly MissingFigure[];
  /** Sentences about how the log was read. */
  readonly notes: readonly string[];
}

/**
 * Reads a boot log and lays out the guest's memory.
 *
 * @param log - the log: the bytes of its file, or its text
 * @param given - figures that the log does not carry, or that replace the log's
 * @param boot - the number of the boot in a log of several, from 1. Default: the only one
 * @throws BootLogError - the text is not the boot log of one Xen guest, or its lines do not fit together
 * @throws RangeError - a given figure is not a whole number from 0 to 2^32-1
 * @example
 * const layout = readBootLog(text, { nrPages: 524288 });
 * for (const { key, what, how } of layout.missing) console.log(`${key}: ${what}; ${how}`);
 */
export function readBootLog(log: string | Uint8Array, given: GivenFigures = {}, boot?: number): BootLayout {
  checkGiven(given);
  const { lines, formats } = readCapture(log);
  const chosen = chooseBoot(splitBoots(lines), given, boot);
  const read = readBoot(chosen.lines);
  const figures = layOut(read, given);
  const fits = (more: GivenFigures): boolean => tellFigures(() => layOut(read, { ...given, ...more })) !== undefined;
  return {
    ...figures,
    missing: missingFigures(figures, fits),
    notes: [
      ...(formats.length > 0 ? [`decoded from ${formats.join(", ")}`] : []),
      ...(chosen.note === undefined ? [] : [chosen.note]),
      ...driverNotes(figures),
      ...notesOf(figures),
    ],
  };
}

function checkGiven(given: GivenFigures): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || (name === "highmemStart" && value === Number.POSITIVE_INFINITY)) continue;
    if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
      throw new RangeError(`${name}: expected a whole number of pages from 0 to 4294967295, got ${value}`);
    }
  }
}

interface ChosenBoot {
  readonly lines: readonly LogLine[];
  /** A sentence about the choice, if there was one. */
  readonly note: string | undefined;
}

/** Chooses one boot; without its number, several boots must have the same figures. */
function chooseBoot(
  boots: readonly (readonly LogLine[])[],
  given: GivenFigures,
  number: number | undefined,
): ChosenBoot {
  const list = boots.map((boot, index) => `${index + 1} from line ${boot[0]?.line}`).join(", ");
  const last = boots.at(-1) ?? [];
  if (number !== undefined) {
    const lines = boots[number - 1];
    if (lines === undefined)
      throw new BootLogError(`expected a boot from 1 to ${boots.length} (${list}), got ${number}`);
    return { lines, note: `boot ${number} of ${boots.length}, from line ${lines[0]?.line}` };
  }
  if (boots.length === 1) return { lines: last, note: undefined };
  if (new Set(boots.map((boot) => tellFigures(() => layOut(readBoot(boot), given)) ?? boot)).size > 1) {
    throw new BootLogError(
      `expected the log of one boot, found ${boots.length} that differ (${list}): choose one with --boot`,
    );
  }
  return { lines: last, note: `${boots.length} boots with the same figures (${list}); this is the last` };
}

/** Tells the figures of a boot, without their lines; undefined if its lines do not fit together. */
function tellFigures(layOut: () => BootFigures): string | undefined {
  try {
    const { kernel, facts, driver, ...figures } = layOut();
    const values = { ...figures, domain: kernel.domain.value, driver: driver?.generation };
    return JSON.stringify(values, (key, value) => (key === "from" || key === "doubt" ? undefined : value));
  } catch (error) {
    if (error instanceof BootLogError) return undefined;
    throw error;
  }
}

function notesOf({ facts, kernel, framesInHoles, released, nrPages }: BootFigures): string[] {
  const notes: string[] = [];
  const [table] = facts.physMach;
  if (table && !isDom0(kernel)) {
    const doubt = kernel.domain.value === "pv" && !kernel.privileged ? ": no line proves that this guest is dom0" : "";
    notes.push(`line ${table.line}, the Phys-Mach map, is dom0's and was not used${doubt}`);
  }
  if (framesInHoles && released && nrPages && framesInHoles.value > 0) {
    notes.push(
      `checked: of nr_pages ${nrPages.value}, ${framesInHoles.value} frames lie in holes; ` +
        `${framesInHoles.value - released.value} were moved above nr_pages and ${released.value} released`,
    );
  }
  return notes;
}
