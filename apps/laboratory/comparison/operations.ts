/** The operations of a comparison: those of a guest's script, of a file, or an example. */
import { parseScript } from "xen-balloon/core";
import { programOfDemand } from "../demand-program.js";
import { kindOf } from "../files.js";
import { configLinesOf } from "../state.js";

/** Lines of a script that follow the boot. */
export interface Operations {
  readonly lines: string;
  /** The config lines of the script that they are of; null: they have none. */
  readonly config: string | null;
  /** How the file was read. */
  readonly reading: string;
}

/**
 * Takes the operations after the boot out of a script.
 *
 * @throws ScriptError: it is no script
 */
export function operationsOf(script: string): Pick<Operations, "lines" | "config"> {
  const { steps } = parseScript(script);
  const boot = steps.findIndex(({ operation }) => operation.op === "boot");
  const lines = steps.slice(boot + 1).map(({ text }) => text.trim());
  return { lines: lines.join("\n"), config: configLinesOf(script) };
}

/**
 * Reads a file: a script, or the demand of one guest.
 *
 * @throws Error: it is neither
 */
export function operationsOfFile(text: string, name: string): Operations {
  if (kindOf(name, text) === "script") return { ...operationsOf(text), reading: `The operations of ${name}` };
  const { program, reading } = programOfDemand(text, name);
  return { lines: program.items.flat().join("\n"), config: null, reading: `${name}: ${reading}` };
}

/** Whether any of the lines gives the balloon something to do. */
export function isTelling(lines: string): boolean {
  return /^(target|balloon_alloc)\b/m.test(lines);
}

/**
 * An example in which drivers differ: half of the guest goes out, others take it, and the guest wants it back before they
 * give it up.
 */
export function exampleFor(config: string): string {
  const { guest, hostPages } = parseScript(config).config;
  const half = Math.floor(guest.maxPfn / 2);
  return [
    "advance 1000",
    `target ${half}`,
    "advance 4000",
    `host_take ${hostPages}`,
    `target ${guest.maxPfn}`,
    "advance 25000",
    `host_give ${hostPages}`,
    "advance 90000",
  ].join("\n");
}
