/** Checks plans against the published JSON Schema. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { problemIn, type SchemaProblem } from "../study/schema-problem.js";

const schema = JSON.parse(readFileSync(new URL("../../studies/host.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ verbose: true, strict: true, strictTypes: false, strictRequired: false });
ajv.addSchema(schema, "plan");

/** Finds the first problem of a plan; null where there is none. */
export function problemOfPlan(data: unknown): SchemaProblem | null {
  return problemIn(ajv.getSchema("plan") as ValidateFunction, data);
}

/** Finds the first problem of settings that stand alone; null where there is none. */
export function problemOfHostSettings(data: unknown): SchemaProblem | null {
  return problemIn(ajv.getSchema("plan#/$defs/settings") as ValidateFunction, data);
}
