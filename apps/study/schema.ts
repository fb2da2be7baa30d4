/** Checks studies against the published JSON Schema. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { problemIn, type SchemaProblem } from "./schema-problem.js";
import { settingsSchema } from "./settings-schema.js";

const published = JSON.parse(readFileSync(new URL("../../studies/study.schema.json", import.meta.url), "utf8"));
const { settings } = published.$defs;
const schema = {
  ...published,
  $defs: { ...published.$defs, settings: { ...settings, properties: settingsSchema(false) } },
};
const ajv = new Ajv2020({ verbose: true, strict: true, strictTypes: false, strictRequired: false });
ajv.addSchema(schema, "study");

/** Finds the first problem of a study; null where there is none. */
export function problemOfStudy(data: unknown): SchemaProblem | null {
  return problemOf("study", data);
}

/** Finds the first problem of settings that stand alone; null where there is none. */
export function problemOfSettings(data: unknown): SchemaProblem | null {
  return problemOf("study#/$defs/settings", data);
}

function problemOf(part: string, data: unknown): SchemaProblem | null {
  return problemIn(ajv.getSchema(part) as ValidateFunction, data);
}
