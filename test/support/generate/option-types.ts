/**
 * The text of src/host/options/types.ts: an interface for each table, with the doc comments that editors and typedoc
 * show.
 */
import { GUEST_OPTIONS } from "../../../src/host/options/guest-options.js";
import { MACHINE_OPTIONS } from "../../../src/host/options/machine-options.js";
import type { Option } from "../../../src/host/options/option.js";
import { tellOption } from "../../../src/host/options/words.js";
import { WORLD_OPTIONS } from "../../../src/host/options/world-options.js";
import { comment } from "./comment.js";

type AnyTable = Readonly<Record<string, Option<never>>>;

/** The file as it must be. */
export function optionTypes(): string {
  const worlds = Object.fromEntries(
    Object.keys(MACHINE_OPTIONS).flatMap((name) =>
      Object.hasOwn(WORLD_OPTIONS, name) ? [[name, (WORLD_OPTIONS as AnyTable)[name]]] : [],
    ),
  );
  return `/** Written by test/host/options.test.ts from the tables of this folder: change those, then run it with -u. */
import type { Region } from "./region.js";

${comment(
  "The configuration of a guest, every default filled in. All sizes are in pages of 4096 bytes. Limits are cut to the largest value that has an effect, and regions are cut at `maxPfn`.",
  "",
)}
export interface GuestConfig {
${members(GUEST_OPTIONS as AnyTable, ({ generation }) => (generation === undefined ? "" : "?"))}
}

${comment(
  "Any part of a guest's configuration. An omitted option, and a 0 for `pfnLimit` and `maxPages`, gets its default.",
  "",
)}
export type GuestOptions = Partial<GuestConfig>;

/** The options of a machine. */
export interface MachineOptions {
${members(MACHINE_OPTIONS as AnyTable, isOptional)}
}

/** Any part of the configuration of a guest and its machine. */
export interface WorldOptions extends GuestOptions {
${members(worlds, () => "?")}
}
`;
}

function members(table: AnyTable, mark: (option: Option<never>) => string): string {
  return Object.entries(table)
    .map(
      ([name, option]) => `${comment(tellOption(option), "  ")}\n  readonly ${name}${mark(option)}: ${typeOf(option)};`,
    )
    .join("\n");
}

function isOptional(option: Option<never>): string {
  return option.form === "regions" || option.default !== undefined ? "?" : "";
}

function typeOf(option: Option<never>): string {
  switch (option.form) {
    case "flag":
      return "boolean";
    case "choice":
      return option.values.map((value) => JSON.stringify(value)).join(" | ");
    case "regions":
      return "readonly Region[]";
    default:
      return "number";
  }
}
