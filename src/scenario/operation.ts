/**
 * Declares the operations of a script in one table: arguments, effect and answer. Help, completion and messages derive
 * from it.
 */
import { SETTLE_WITHIN_MS } from "../clock/scheduler.js";
import type { FaultOperations } from "../host/fault-types.js";
import { FAULTS, type FaultKind, type FaultName } from "../host/faults.js";
import { belongsTo, foreign, type Generation, namesFor, type OfGeneration } from "../host/generation.js";
import { I32_MAX, U32_MAX } from "../host/integers.js";
import type { TunableField } from "../host/stats-types.js";
import { TUNABLES } from "../host/tunables.js";
import { count, except, type Form, flag, integer, label, optional, quote } from "./forms.js";
import { ScriptError } from "./script-error.js";

/** The operations that inject a fault, one for each kind. */
type FaultArguments = { [Name in FaultName as FaultOperations[Name]]: { amount: number; times: number } };
/** The operations that set a tunable. */
type TunableArguments = { [Field in TunableField as `set ${Field}`]: { value: number } };

/** The argument types of each operation. The table has forms of these types, and no other operation. */
export interface OperationArguments extends FaultArguments, TunableArguments {
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
  cpu_up: { cpu: number };
  on_cpu: { cpu: number };
  online: { sections: number };
  late: object;
  signal: { name: string };
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

/** The settings for which the modern driver's kernel reads a number below 0, and refuses it. */
const MAY_BE_NEGATIVE: readonly TunableField[] = ["max_schedule_delay", "hotplug_unpopulated"];

/** An operation's entry in the table. */
export interface OperationEntry<Arguments = object> extends OfGeneration {
  /** The forms of the words after its name, by argument. */
  readonly takes: { readonly [Name in keyof Arguments]: Form<Arguments[Name]> };
  /** The arguments that differ with the modern driver. */
  readonly modernTakes?: { readonly [Name in keyof Arguments]?: Form<Arguments[Name]> };
  /** The words of the help for an argument, if they are not its name. */
  readonly names?: { readonly [Name in keyof Arguments]?: string };
  /** Its effect, in a sentence. */
  readonly does: string;
  /** Its answer besides an error number. */
  readonly answers: string;
  /** An example line. */
  readonly example: string;
}

/** All operations, by their words. */
export const OPERATIONS: { readonly [Op in keyof OperationArguments]: OperationEntry<OperationArguments[Op]> } = {
  boot: { takes: {}, does: "Boots the guest: the driver's init.", answers: "0", example: "boot" },
  target: {
    takes: { pages: integer("pages", 0, U32_MAX) },
    does: "Sets a new target (balloon_set_new_target) and makes the worker due.",
    answers: "0",
    example: "target 100000",
  },
  run: { takes: {}, does: "Runs the work that is due now.", answers: "0", example: "run" },
  advance: { takes: { ms }, does: "Lets time pass; work runs when it is due.", answers: "0", example: "advance 1000" },
  settle: {
    takes: { ms: optional(ms, SETTLE_WITHIN_MS) },
    does: "As advance, but time stops at the last work that ran.",
    answers: "0",
    example: "settle",
  },
  balloon_alloc: {
    takes: { name, pages: integer("pages", 0, I32_MAX), highmem },
    modernTakes: { highmem: optional(highmem, false) },
    does: "Takes pages out of the balloon into a named array (alloc_xenballooned_pages). The driver `modern` gives low pages whatever HIGH says, and may have the caller wait (xen_alloc_ballooned_pages).",
    answers: "0, or 1 where the caller waits",
    example: "balloon_alloc grants 32 1",
  },
  balloon_free: {
    takes: { name, every: optional(every, 1) },
    does: "Gives back every Kth position of an array (free_xenballooned_pages, xen_free_ballooned_pages).",
    answers: "pages still in the array",
    example: "balloon_free grants",
  },
  guest_alloc: {
    takes: { pages, highmem },
    does: "Someone else in the guest takes up to so many pages.",
    answers: "pages it got",
    example: "guest_alloc 1000 1",
  },
  guest_free: {
    takes: { pages },
    does: "Gives back the pages taken last.",
    answers: "pages given back",
    example: "guest_free 1000",
  },
  guest_free_every: {
    takes: { every },
    does: "Gives back every Kth of the pages held.",
    answers: "pages given back",
    example: "guest_free_every 2",
  },
  guest_shuffle: {
    takes: { seed: integer("SEED") },
    does: "Shuffles the order of the pages held.",
    answers: "pages held",
    example: "guest_shuffle 7",
  },
  guest_fill: {
    takes: { byte: integer("B", 0, 255) },
    does: "Writes a byte all over every page held, of a guest with contents.",
    answers: "pages held",
    example: "guest_fill 170",
  },
  host_take: {
    takes: { frames },
    does: "Other domains take up to so many frames.",
    answers: "frames they got",
    example: "host_take 1000",
  },
  host_give: {
    takes: { frames },
    does: "Other domains give back the frames taken last.",
    answers: "frames given back",
    example: "host_give 1000",
  },
  max_pages: {
    takes: { pages },
    does: "The toolstack sets how many frames the domain may hold.",
    answers: "0",
    example: "max_pages 100000",
  },
  ...faultOperations(),
  ...tunableOperations(),
  cpu_up: { takes: { cpu }, does: "A CPU comes up and gets its scratch page.", answers: "0", example: "cpu_up 1" },
  on_cpu: { takes: { cpu }, does: "The driver runs on this CPU from now on.", answers: "0", example: "on_cpu 1" },
  online: {
    takes: { sections: optional(count("sections"), 0) },
    does: "Onlines added memory: the first so many sections, or all of it for 0.",
    answers: "0",
    example: "online 0",
  },
  late: {
    takes: {},
    generation: "modern",
    does: "Runs the driver's late initcall (balloon_wait_finish), once: an hvm guest that is to come down at boot waits, and may panic.",
    answers: "0",
    example: "late",
  },
  signal: {
    takes: { name },
    generation: "modern",
    does: "Sends a signal to the caller that waits for the pages of an array.",
    answers: "0",
    example: "signal grants",
  },
};

function faultOperations(): { readonly [Op in keyof FaultArguments]: OperationEntry<FaultArguments[Op]> } {
  const entries = Object.values<FaultKind>(FAULTS).map((kind) => [kind.operation, faultOperation(kind)]);
  return Object.fromEntries(entries);
}

function faultOperation(kind: FaultKind): OperationEntry<{ amount: number; times: number }> {
  const { from, to, except: no, sentence, example, generation } = kind;
  const answer = integer("RC", from, to);
  // a script may ask for more extents than any call has
  const amount = kind.amount === "extents" ? count("extents") : no === undefined ? answer : except(answer, no);
  const does = sentence.replaceAll(/`(\w+)`/g, (_, argument: string) => argument.toUpperCase());
  const entry = { takes: { amount, times }, names: { amount: kind.amount }, does, answers: "0", example };
  return generation === undefined ? entry : { ...entry, generation };
}

function tunableOperations(): { readonly [Op in keyof TunableArguments]: OperationEntry<{ value: number }> } {
  const entries = TUNABLES.map(({ field, form, unit, sentence, generation }) => [
    `set ${field}`,
    {
      takes: { value: count(unit) },
      modernTakes: { value: integer(unit, MAY_BE_NEGATIVE.includes(field) ? Number.MIN_SAFE_INTEGER : 0, U32_MAX) },
      names: { value: form === "flag" ? "n" : unit },
      does: form === "flag" ? sentence : `Sets ${field} of balloon_stats. ${sentence}`,
      answers: "0",
      example: `set ${field} ${form === "flag" ? 1 : 8}`,
      ...(generation !== undefined && { generation }),
    },
  ]);
  return Object.fromEntries(entries);
}

/** The forms of the words after an operation's name, by argument, with a driver of this generation. */
export function formsOf(entry: OperationEntry, generation: Generation): [argument: string, form: Form<unknown>][] {
  return Object.entries(generation === "modern" ? { ...entry.takes, ...entry.modernTakes } : entry.takes);
}

/**
 * Reads an operation from the words of its line.
 *
 * @throws ScriptError - no operation of this generation of the driver has this name, or it does not take these words
 */
export function parseOperation(line: number | null, words: readonly string[], generation: Generation): Operation {
  const op = operationName(line, words, generation);
  const entry: OperationEntry = OPERATIONS[op];
  if (!belongsTo(generation, entry)) {
    const { expected, got } = foreign(generation, entry);
    throw new ScriptError(line, `${op}: expected ${expected}, got ${got}`);
  }
  const forms = formsOf(entry, generation);
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

/** Finds an operation's name, which has one word or two. */
function operationName(
  line: number | null,
  words: readonly string[],
  generation: Generation,
): keyof OperationArguments {
  const [first, second] = words;
  for (const op of [first, `${first} ${second}`]) {
    if (Object.hasOwn(OPERATIONS, op)) return op as keyof OperationArguments;
  }
  const known = namesFor(generation, OPERATIONS);
  const seconds = known.filter((op) => op.startsWith(`${first} `)).map((op) => op.slice(first.length + 1));
  throw new ScriptError(
    line,
    seconds.length > 0
      ? `${first}: expected ${seconds.join(" or ")}, got ${quote(second)}`
      : `no operation ${quote(first)}; there are ${known.join(", ")}`,
  );
}
