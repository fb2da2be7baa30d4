/**
 * Writes a comparison as the file of a study, which `xen-balloon study` runs: its factor has the sides as levels, and its
 * workload is the script, whose phases say which way pages went in either side's run.
 */
import { CONFIG_KEYS, plural } from "xen-balloon/core";
import type { Behaviour, DoneOperation } from "./behaviour.js";
import { type Both, both, NAMES, SIDES, type Side } from "./side.js";

/** The answer of the driver to a loan that it has no pages for: the one refusal that a study goes on after. */
const ENOMEM = -12;

const MEASURES = ["pagesMoved", "memoryOps", "vaMappings", "tlbFlushes", "scrubbedPages", "retries", "waitedSeconds"];

/** A comparison to be written. */
export interface Compared {
  readonly sides: Both<Side>;
  readonly runs: Both<Behaviour>;
  /** The keys in which the sides differ. */
  readonly differ: readonly string[];
  /** True: the study times the cases, too. */
  readonly timed: boolean;
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * @returns the text of the file, in YAML.
 * @throws Error: a study cannot run it, and why
 */
export function studyOf({ sides, runs, differ, timed }: Compared): string {
  if (differ.length === 0) throw new Error("A and B are the same: a study would compare a case with itself");
  for (const side of SIDES) refuse(runs[side], NAMES[side]);
  const { lines, left } = phased(runs);
  const settings = both((side) => settingsOf(sides[side]));
  const shared = Object.fromEntries(
    Object.entries(settings.a).filter(([name, value]) => JSON.stringify(settings.b[name]) === JSON.stringify(value)),
  );
  const own = both((side) => Object.fromEntries(Object.entries(settings[side]).filter(([name]) => !(name in shared))));
  const limits = [
    "The figures are those of one script: other sizes and times give others.",
    ...left.map((text) => `${text} is in no phase and is not counted: pages go out on one side and in on the other.`),
  ];
  const count = plural(runs.a.operations.length, "operation");
  return `# npx xen-balloon study FILE runs it; FILE is the name of this file.
format: xen-balloon study 1
title: ${quoted(`A and B, which differ in ${differ.join(", ")}`)}
question: ${quoted(`Two guests do the same ${count}. B differs from A in: ${differ.join(", ")}. What comes out otherwise?`)}
doesNotShow: [${limits.map(quoted).join(", ")}]
base:
${Object.entries(shared)
  .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`)
  .join("")}  workload: |2
${lines.map((line) => `    ${line}\n`).join("")}factors:
  side:
    levels:
      A: ${JSON.stringify(own.a)}
      B: ${JSON.stringify(own.b)}
    baseline: A
measures: [${[...(timed ? ["time"] : []), ...MEASURES].join(", ")}]
`;
}

/** Strings of JSON are strings of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** @throws Error: the run has an operation after which a study would not go on */
function refuse({ operations, bug }: Behaviour, name: string): void {
  if (bug !== null) throw new Error(`${name} ends in BUG_ON(${bug}): a study runs scripts to their end`);
  if (operations.length === 0) throw new Error("there are no operations: a study would have nothing to measure");
  const failed = operations.findIndex(({ text, ret }) => {
    return ret < 0 && !(ret === ENOMEM && text.startsWith("balloon_alloc "));
  });
  if (failed < 0) return;
  const { text, ret } = operations[failed];
  throw new Error(
    `operation ${failed + 1}, ${text}, returned ${ret} on ${name}: a study runs scripts whose operations succeed`,
  );
}

/** The settings of a study for a side, by their names in the API. */
function settingsOf({ config, engine, build }: Side): Settings {
  const settings: Record<string, unknown> = { engine, ...(build.trim() !== "" && { build: build.trim() }) };
  const words = config.split("\n").flatMap((line) =>
    line
      .trim()
      .split(/[ \t]+/)
      .slice(1),
  );
  for (const word of words) {
    const at = word.indexOf("=");
    const key = CONFIG_KEYS.find((each) => each.key === word.slice(0, at));
    if (key === undefined) throw new Error(`expected an option of a guest, got ${word}`);
    const value = key.form.read(word.slice(at + 1));
    const before = settings[key.name];
    settings[key.name] = key.option.form === "regions" ? [...((before as unknown[]) ?? []), value] : value;
  }
  return settings;
}

/** The script, with a phase before each operation in which pages went another way than before. */
function phased({ a, b }: Both<Behaviour>): { readonly lines: readonly string[]; readonly left: readonly string[] } {
  const left: string[] = [];
  const ways = a.operations.map((done, i) => {
    const way = wayOf([done, b.operations[i]]);
    if (way === "none") left.push(`Operation ${i + 1}, ${done.text},`);
    return way;
  });
  // an operation in which nothing moved belongs to the phase before it, or to the first
  let phase = ways.find((way) => way !== null) ?? "out";
  const lines = ["boot", `# phase ${phase}`];
  for (const [i, { text }] of a.operations.entries()) {
    const way = ways[i] ?? phase;
    if (way !== phase) lines.push(`# phase ${way}`);
    phase = way;
    lines.push(text);
  }
  return { lines, left };
}

/** The way of an operation that pages went on all sides; null: none moved; `none`: they went both ways. */
function wayOf(done: readonly DoneOperation[]): "out" | "in" | "none" | null {
  const out = done.some(({ movedPages }) => movedPages < 0);
  const into = done.some(({ movedPages }) => movedPages > 0);
  if (out && into) return "none";
  return out ? "out" : into ? "in" : null;
}
