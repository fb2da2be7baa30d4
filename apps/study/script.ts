/**
 * Reads a workload that is a script in the language of `run`: a file, or the lines themselves. Names such as ${maxPfn}
 * stand for what the case sets. Comments of the form `# phase out`, `# phase in` and `# phase none` say which operations
 * are measured, and as which way; those before the first phase prepare the guest.
 */
import {
  ArgumentRangeError,
  messageOf,
  parseScript,
  type Script,
  ScriptError,
  type Step,
  type WorldConfig,
  type WorldOptions,
} from "xen-balloon/core";
import { SettingsError } from "./settings-error.js";

/** The operations from one phase comment to the next. */
export interface Part {
  /** The way that they are measured as; null where they are not measured. */
  readonly way: "out" | "in" | null;
  readonly steps: readonly Step[];
}

/** A script as a workload. */
export interface ScriptWorkload {
  readonly config: WorldConfig;
  /** The operations between boot and the first phase. */
  readonly prepare: readonly Step[];
  /** A pass, from the first phase on. */
  readonly parts: readonly Part[];
}

const PHASES: Readonly<Record<string, Part["way"]>> = { out: "out", in: "in", none: null };
const NAME = /\$\{([^}]*)\}/g;

/** Whether a workload is a script rather than a name: a file, or the lines of one. */
export function isScript(workload: string): boolean {
  return workload.endsWith(".ops") || isInline(workload);
}

/** Whether a workload is the script's own lines, two or more. */
export function isInline(workload: string): boolean {
  return workload.includes("\n");
}

/** The name of a script in messages and reports. */
export function nameOfScript(workload: string): string {
  return isInline(workload) ? "the script in the study" : workload;
}

/**
 * Puts the values of a case in place of their names. Comments stay as they are.
 *
 * @param script - its name in messages.
 * @throws SettingsError: a name that the case does not have, with line and column; a value that is no word
 */
export function substitute(script: string, text: string, values: Readonly<Record<string, unknown>>): string {
  return text
    .split("\n")
    .map((line, i) => {
      if (line.startsWith("#")) return line;
      return line.replace(NAME, (_, name: string, at: number) => {
        const problem = (what: string): SettingsError =>
          new SettingsError("workload", `${script}: line ${i + 1}, column ${at + 1}: ${what}`);
        if (!Object.hasOwn(values, name)) {
          throw problem(`no setting or factor ${JSON.stringify(name)}; there are ${Object.keys(values).join(", ")}`);
        }
        const value = values[name];
        if (typeof value === "boolean") return value ? "1" : "0";
        if (typeof value === "object") throw problem(`expected a setting with one value, got the list ${name}`);
        return String(value);
      });
    })
    .join("\n");
}

/**
 * Parses a script whose names are substituted.
 *
 * @param name - that of the script in messages.
 * @param options - those that the case sets.
 * @throws SettingsError: a script that cannot be run, has no phase to measure, or contradicts the case
 * @throws ArgumentRangeError: an option of the case
 */
export function parseWorkload(name: string, text: string, options: WorldOptions): ScriptWorkload {
  const refused = (line: number, problem: string): SettingsError =>
    new SettingsError("workload", `${name}: line ${line}: ${problem}`);
  const { config, steps } = parse(name, text, options);
  refuseContradictions(config, options);
  if (config.guest.nrPages === 0) {
    throw new SettingsError("workload", `${name}: expected config nr_pages=PAGES, the pages at boot, got none`);
  }
  if (config.guest.maxPfn === 0) {
    throw new SettingsError("workload", `${name}: expected config max_pfn=PAGES, the end of memory, got none`);
  }
  const [boot, ...others] = steps;
  if (boot?.operation.op !== "boot") throw refused(boot?.line ?? 1, `expected boot first, got ${boot?.text ?? "none"}`);
  const phases = phasesOf(text, refused);
  const parts = phases.map(({ line, way }, i): Part => {
    const end = phases[i + 1]?.line ?? Number.POSITIVE_INFINITY;
    return { way, steps: others.filter((step) => lineOf(step) > line && lineOf(step) < end) };
  });
  if (!parts.some(({ way, steps: of }) => way !== null && of.length > 0)) {
    throw new SettingsError(
      "workload",
      `${name}: expected a phase to measure: operations after a line "# phase out" or "# phase in", got none`,
    );
  }
  const first = phases[0].line;
  if (lineOf(boot) > first) throw refused(first, "expected boot before the first phase");
  return { config, prepare: others.filter((step) => lineOf(step) < first), parts };
}

function parse(name: string, text: string, options: WorldOptions): Script {
  try {
    return parseScript(text, options);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const { cause } = error;
    if (cause instanceof ArgumentRangeError && cause.key in options) throw cause;
    throw new SettingsError("workload", `${name}: ${messageOf(error)}`);
  }
}

/** Refuses an option that the script's config lines and the case set to different values. */
function refuseContradictions({ guest, ...host }: WorldConfig, options: WorldOptions): void {
  const set: Readonly<Record<string, unknown>> = { ...guest, ...host };
  for (const [name, value] of Object.entries(options)) {
    if (name in set && JSON.stringify(set[name]) !== JSON.stringify(value)) {
      throw new SettingsError(
        name as keyof WorldOptions,
        `expected ${JSON.stringify(set[name])}, as the script sets it, got ${JSON.stringify(value)}`,
      );
    }
  }
}

interface Phase {
  readonly line: number;
  readonly way: Part["way"];
}

function phasesOf(text: string, refused: (line: number, problem: string) => SettingsError): readonly Phase[] {
  return text.split("\n").flatMap((comment, i): readonly Phase[] => {
    const name = /^#[ \t]*phase\b[ \t]*(.*)$/.exec(comment)?.[1].trim();
    if (name === undefined) return [];
    if (!Object.hasOwn(PHASES, name)) {
      throw refused(i + 1, `phase: expected ${Object.keys(PHASES).join(", ")}, got ${JSON.stringify(name)}`);
    }
    return [{ line: i + 1, way: PHASES[name] }];
  });
}

function lineOf({ line }: Step): number {
  return line as number;
}
