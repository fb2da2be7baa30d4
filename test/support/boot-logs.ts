/** Made-up boot logs, and their figures for comparison. */
import { readFileSync } from "node:fs";
import { type BootLayout, readBootLog } from "../../apps/bootlog/read.js";

/** Reads test/fixtures/bootlogs/NAME.txt. */
export function madeLog(name: string): string {
  return readFileSync(new URL(`../fixtures/bootlogs/${name}.txt`, import.meta.url), "utf8");
}

/** Drops the lines that match. */
export function without(text: string, pattern: RegExp): string {
  return text
    .split("\n")
    .filter((line) => !pattern.test(line))
    .join("\n");
}

/** Tells the figures of a layout, without their lines. */
export function figuresOf(layout: BootLayout): Readonly<Record<string, unknown>> {
  return {
    domain: layout.kernel.domain.value,
    ramPages: layout.memory.ramPages?.value,
    nrPages: layout.nrPages?.value,
    maxPfn: layout.maxPfn?.value,
    released: layout.released?.value,
    remapped: layout.remapped?.value,
    highmemStart: layout.highmemStart?.value,
    holes: layout.holes,
    extraRegions: layout.extraRegions,
    currentPages: layout.currentPages,
    balloonLowPages: layout.balloonLowPages,
    balloonHighPages: layout.balloonHighPages,
  };
}

/** Reads a log and tells its figures. */
export function readFigures(...args: Parameters<typeof readBootLog>): Readonly<Record<string, unknown>> {
  return figuresOf(readBootLog(...args));
}

/** The keys of the figures that the log lacks. */
export function missingKeys(layout: BootLayout): string[] {
  return layout.missing.map(({ key }) => key);
}
