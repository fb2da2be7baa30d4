/**
 * The operations of a script: what each takes, in one table.
 */
import { FAULT_ANSWERS } from "../host/hypercall.js";
import { I32_MAX, U32_MAX } from "../host/integers.js";
import { count, except, type Form, flag, integer, label, optional, quote } from "./forms.js";
import { ScriptError } from "./script-error.js";

/** The arguments of each operation, by the words it begins with. */
export interface OperationArguments {
  boot: object;
  target: { pages: number };
  run: object;
  advance: { ms: number };
  settle: { ms: number };
  balloon_alloc: { name: string; pages: number; highmem: boolean };
  balloon_free: { name: string; every: number };
  guest_alloc: { pages: number; highmem: boolean };
  guest_free: { pages: number };
  guest_free_every: { every: number };
  guest_shuffle: { seed: number };
  guest_fill: { byte: number };
  host_take: { frames: number };
  host_give: { frames: number };
  max_pages: { pages: number };
  partial: { extents: number; times: number };
  "fail populate": { rc: number; times: number };
  "fail decrease": { rc: number; times: number };
  "fail va": { rc: number; times: number };
  "fail add_memory": { rc: number; times: number };
  "set max_retry_count": { count: number };
  "set max_schedule_delay": { seconds: number };
  cpu_up: { cpu: number };
  on_cpu: { cpu: number };
  online: { sections: number };
}

/** One operation of a script. */
export type Operation = {
  [Op in keyof OperationArguments]: { readonly op: Op } & Readonly<OperationArguments[Op]>;
}[keyof OperationArguments];

const every = integer("K", 1);
const name = label("NAME", 31);
const pages = count("pages");
const frames = count("frames");
const ms = count("MS");
const times = count("T");
const highmem = flag("HIGH");
const cpu = integer("CPU K");

const GRAMMAR: {
  readonly [Op in keyof OperationArguments]: {
    readonly [Name in keyof OperationArguments[Op]]: Form<OperationArguments[Op][Name]>;
  };
} = {
  boot: {},
  target: { pages: integer("pages", 0, U32_MAX) },
  run: {},
  advance: { ms },
  settle: { ms: optional(ms, 3_600_000) },
  balloon_alloc: { name, pages: integer("pages", 0, I32_MAX), highmem },
  balloon_free: { name, every: optional(every, 1) },
  guest_alloc: { pages, highmem },
  guest_free: { pages },
  guest_free_every: { every },
  guest_shuffle: { seed: integer("SEED") },
  guest_fill: { byte: integer("B", 0, 255) },
  host_take: { frames },
  host_give: { frames },
  max_pages: { pages },
  partial: { extents: count("extents"), times },
  "fail populate": { rc: integer("RC", ...FAULT_ANSWERS.populate), times },
  "fail decrease": { rc: integer("RC", ...FAULT_ANSWERS.decrease), times },
  "fail va": { rc: except(integer("RC", ...FAULT_ANSWERS.vaMapping), 0), times },
  "fail add_memory": { rc: integer("RC", ...FAULT_ANSWERS.addMemory), times },
  "set max_retry_count": { count: count("N") },
  "set max_schedule_delay": { seconds: integer("seconds") },
  cpu_up: { cpu },
  on_cpu: { cpu },
  online: { sections: optional(count("sections"), 0) },
};

/**
 * Reads an operation from the words of its line.
 *
 * @throws ScriptError - there is no such operation, or it does not take these words
 */
export function parseOperation(line: number, words: readonly string[]): Operation {
  const op = operationName(line, words);
  const forms: [string, Form<unknown>][] = Object.entries(GRAMMAR[op]);
  const given = words.slice(op.split(" ").length);
  if (given.length > forms.length) {
    throw new ScriptError(line, `${op}: expected no more words, got ${quote(given[forms.length])}`);
  }
  const values = forms.map(([key, form], i) => {
    const value = i < given.length ? form.read(given[i]) : form.omitted;
    if (value === undefined) throw new ScriptError(line, `${op}: expected ${form.expects}, got ${quote(given[i])}`);
    return [key, value];
  });
  return { op, ...Object.fromEntries(values) };
}

/** One word names an operation, or two. */
function operationName(line: number, words: readonly string[]): keyof OperationArguments {
  const [first, second] = words;
  for (const op of [first, `${first} ${second}`]) {
    if (Object.hasOwn(GRAMMAR, op)) return op as keyof OperationArguments;
  }
  const seconds = Object.keys(GRAMMAR)
    .filter((op) => op.startsWith(`${first} `))
    .map((op) => op.slice(first.length + 1));
  throw new ScriptError(
    line,
    seconds.length > 0
      ? `${first}: expected ${seconds.join(" or ")}, got ${quote(second)}`
      : `no operation ${quote(first)}`,
  );
}
