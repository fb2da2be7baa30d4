/** The settings in the JSON Schema of a study: those of guest and machine by the table of options, the others here. */

import { MAX_REGIONS, type Option, tellOption, WORLD_OPTIONS, type WorldOptions } from "xen-balloon/core";
import { POLICIES } from "../demand/policy.js";
import { ENGINES } from "../engine-names.js";
import { CONDITIONS, type Conditions } from "./conditions.js";
import { NATIVE, type Settings } from "./study.js";
import { WORKLOADS } from "./workloads.js";

type Schema = Readonly<Record<string, unknown>>;

/** The settings that are no configuration of guest or machine. */
const OTHER: { readonly [Name in Exclude<keyof Settings, keyof WorldOptions | keyof Conditions>]: Schema } = {
  engine: { description: "What runs the driver. Default: wasm.", enum: [...ENGINES, NATIVE] },
  native: {
    description:
      'With engine native: a command, whose files are named relative to the study, that takes --time SCRIPT, a script in the language of run, and prints {"op","ns","calls"} for each operation: another implementation of the driver, timed in the same rounds. Its workload is a script or one that sets targets alone; its calls must be those of wasm, which its counts are taken from.',
    type: "string",
  },
  workload: {
    description: `What the guest does: the name of a workload, a script file, relative to the study, that ends in .ops, or the lines of a script themselves, two or more. A script is in the language of run, where \${NAME} stands for a setting or the level of a factor, and the lines '# phase out', '# phase in' and '# phase none' say which operations are measured. Default: bulk, or the replay of a demand where there is one.`,
    type: "string",
  },
  demand: { description: "A demand file, relative to the study.", type: "string" },
  vm: { description: "Which guest of the demand file.", type: "string" },
  build: {
    description:
      "Another build of the package, relative to the study: the folder of a checkout that was built or of an installed package, or the tarball (.tgz) that npm pack makes. Its processes run in the same rounds. Default: the build that runs the study.",
    type: "string",
  },
  settleLimitMs: {
    description:
      "The virtual time in ms that a guest has to reach each target of a workload; then the target counts as not reached. Default: 3,600,000, an hour.",
    type: "integer",
    minimum: 1,
    maximum: 31_536_000_000,
  },
  policy: { description: "How demand becomes targets. Default: follow.", enum: POLICIES },
  headroomPercent: {
    description: "What a target has above the memory in use, in percent of it. Default: 25.",
    type: "number",
    minimum: 0,
    maximum: 1000,
  },
  floorPages: { description: "The least a target is, in pages. Default: 65,536.", type: "integer", minimum: 0 },
  windowMs: {
    description: "Of policy peak: how far it looks back, in ms. Default: 3,600,000.",
    type: "integer",
    minimum: 0,
  },
};

const CONDITION_SCHEMAS: Schema = Object.fromEntries(
  Object.entries(CONDITIONS).map(([name, { sentence, from, to }]) => [
    name,
    { description: sentence, type: "integer", minimum: from, maximum: to },
  ]),
);

/** Their names. */
export const OTHER_SETTINGS: readonly string[] = [...Object.keys(OTHER), ...Object.keys(CONDITION_SCHEMAS)];

/**
 * The schema of each setting.
 *
 * @param published - with what the completion of a configuration checks, too, and tells with the option's unit: ranges, and
 * the names of workloads.
 */
export function settingsSchema(published: boolean): Schema {
  const { hostPages, mfnBase, ...guest } = Object.fromEntries(
    Object.entries<Option<never>>(WORLD_OPTIONS as never).map(([name, option]) => [name, schemaOf(option, published)]),
  );
  const workload = published
    ? { ...OTHER.workload, anyOf: [{ enum: Object.keys(WORKLOADS) }, { pattern: "\\.ops$" }, { pattern: "\n" }] }
    : OTHER.workload;
  return { ...OTHER, workload, ...CONDITION_SCHEMAS, hostPages, mfnBase, ...guest };
}

function schemaOf(option: Option<never>, published: boolean): Schema {
  const description = tellOption(option);
  switch (option.form) {
    case "flag":
      return { description, type: "boolean" };
    case "choice":
      return { description, enum: option.values };
    case "regions":
      return { description, $ref: "#/$defs/regions", ...(published && { maxItems: MAX_REGIONS }) };
    default:
      return { description, type: "integer", ...(published && { minimum: option.from, maximum: option.to }) };
  }
}
