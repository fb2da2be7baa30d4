/** The text of OPTIONS.md: every option of the tables, for people to read. */
import { GUEST_OPTIONS } from "../../../src/host/options/guest-options.js";
import { MACHINE_OPTIONS } from "../../../src/host/options/machine-options.js";
import type { Option } from "../../../src/host/options/option.js";
import { defaultOf, rangeOf, tellEntry } from "../../../src/host/options/words.js";
import { WORLD_OPTIONS } from "../../../src/host/options/world-options.js";
import { SCRIPT_DEFAULTS } from "../../../src/scenario/config-lines.js";

type AnyTable = Readonly<Record<string, Option<never>>>;

/** The file as it must be. */
export function optionPage(): string {
  const worlds = WORLD_OPTIONS as AnyTable;
  const differing = Object.keys(worlds).filter((name) => (GUEST_OPTIONS as AnyTable)[name] !== worlds[name]);
  return `# Options

Written by test/host/options.test.ts from the tables in src/host/options/: change those, then run it with -u.

Sizes are in pages of 4096 bytes. The API takes an option by its name, a study as a setting of that name, a script by its
key in a \`config\` line, where a flag is 0 or 1 and a region START,SIZE. Left out of a script, ${scriptDefaults()}.

## createMachine

${tableOf(Object.entries(MACHINE_OPTIONS as AnyTable))}

## machine.boot

${groupsOf(GUEST_OPTIONS as AnyTable)}

## Scripts and studies

A script and a study boot one guest on a machine of its own. These options differ from the above.

${tableOf(differing.map((name) => [name, worlds[name]]))}
`;
}

/** Describes the defaults of scripts that differ from the tables. */
function scriptDefaults(): string {
  const entries = Object.entries(SCRIPT_DEFAULTS);
  return entries.map(([name, value]) => `\`${(WORLD_OPTIONS as AnyTable)[name].key}\` is ${value}`).join(", ");
}

function groupsOf(table: AnyTable): string {
  const groups = new Map<string, [string, Option<never>][]>();
  for (const entry of Object.entries(table)) {
    const { group } = entry[1];
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups].map(([group, entries]) => `### ${group}\n\n${tableOf(entries)}`).join("\n\n");
}

function tableOf(entries: readonly [string, Option<never>][]): string {
  return [
    "| option | key in scripts | | range | default |",
    "|---|---|---|---|---|",
    ...entries.map(([name, option]) => {
      const key = option.key === null ? "" : `\`${option.key}\``;
      return `| \`${name}\` | ${key} | ${tellEntry(option)} | ${rangeOf(option)} | ${defaultOf(option) ?? "must be given"} |`;
    }),
  ].join("\n");
}
