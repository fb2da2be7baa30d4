/** Describes the script language: every config key and operation, by their tables. */
import { defaultOf, rangeOf, tellEntry } from "../host/options/words.js";
import { CONFIG_KEYS, type ConfigKey, SCRIPT_DEFAULTS } from "./config-lines.js";
import type { Form } from "./forms.js";
import { formsOf, OPERATIONS, type OperationEntry } from "./operation.js";

const INDENT = "      ";

/** Lists the keys and operations, each on a line with its description below. */
export function scriptHelp(): string[] {
  return [
    "A script is lines of text; # begins a comment. Config lines come first.",
    "",
    "config KEY=VALUE …",
    ...CONFIG_KEYS.flatMap(keyLines),
    "",
    "Operations, which answer a number, or a negative one for an error",
    ...Object.entries<OperationEntry>(OPERATIONS).flatMap(([name, entry]) => operationLines(name, entry)),
  ];
}

function keyLines({ key, name, option, form }: ConfigKey): string[] {
  const byDefault = option.form === "flag" ? Number(option.default) : (SCRIPT_DEFAULTS[name] ?? defaultOf(option));
  const again = option.form === "regions" ? " May be given again." : "";
  const range = option.form === "flag" || option.form === "choice" ? form.expects : rangeOf(option);
  return [
    "",
    `  ${key}=${option.form === "regions" ? "START,SIZE" : "VALUE"}`,
    `${INDENT}${withKeys(tellEntry(option))}${again}`,
    `${INDENT}${withKeys(`${range}; default: ${byDefault}`)}`,
  ];
}

/** Replaces the API names of other options by their keys in scripts. */
function withKeys(text: string): string {
  return text.replaceAll(/`(\w+)`/g, (_, name) => CONFIG_KEYS.find((each) => each.name === name)?.key ?? name);
}

/** The line of an operation with its arguments in capitals: `advance MS`, `balloon_free NAME [K]`. */
export function operationForm(name: keyof typeof OPERATIONS): string {
  return formLine(name, argumentForms(OPERATIONS[name]));
}

type ArgumentForms = readonly (readonly [word: string, form: Form<unknown>])[];

/** The arguments that an operation takes with the driver of 2013, or with the one that alone has it. */
function argumentForms(entry: OperationEntry): ArgumentForms {
  return formsOf(entry, entry.generation ?? "2013").map(([argument, form]) => [capitals(entry, argument), form]);
}

function capitals({ names = {} }: OperationEntry, argument: string): string {
  return ((names as Readonly<Record<string, string>>)[argument] ?? argument).toUpperCase();
}

function formLine(name: string, forms: ArgumentForms): string {
  return [name, ...forms.map(([word, { omitted }]) => (omitted === undefined ? word : `[${word}]`))].join(" ");
}

function operationLines(name: string, entry: OperationEntry): string[] {
  const { does, answers, generation, modernTakes = {} } = entry;
  const forms = argumentForms(entry);
  const modern =
    generation === undefined ? formsOf(entry, "modern").filter(([argument]) => argument in modernTakes) : [];
  return [
    "",
    `  ${formLine(name, forms)}`,
    `${INDENT}${tellEntry({ sentence: does, ...(generation !== undefined && { generation }) })} Answers ${answers}.`,
    ...forms.map(([word, form]) => `${INDENT}${word}: ${tellForm(form)}`),
    ...modern.map(([argument, form]) => `${INDENT}${capitals(entry, argument)} with driver modern: ${tellForm(form)}`),
  ];
}

function tellForm({ expects, omitted }: Form<unknown>): string {
  return omitted === undefined ? expects : `${expects}; default: ${omitted}`;
}
