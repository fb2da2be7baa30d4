/** Words the errors of a JSON Schema as the project does. */
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { PAGE_BYTES } from "xen-balloon/core";
import { unitOf, withCommas } from "./analysis/figures.js";
import type { Path } from "./source.js";

/** The path of a value that is wrong, and the problem: what was expected and what came. */
export interface SchemaProblem {
  readonly path: Path;
  readonly problem: string;
}

/** Finds the first problem of data; null where there is none. */
export function problemIn(validate: ValidateFunction, data: unknown): SchemaProblem | null {
  if (validate(data)) return null;
  const error = (validate.errors ?? []).find(({ keyword }) => keyword !== "if") as ErrorObject;
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
  const known = Object.keys(error.parentSchema?.properties ?? {});
  if (error.keyword === "additionalProperties") {
    const key: string = error.params.additionalProperty;
    return { path: [...path, key], problem: `no such key; there are ${known.join(", ")}` };
  }
  if (error.keyword === "required") {
    const missing = `expected a key ${error.params.missingProperty}`;
    const strange = Object.keys(Object(error.data)).find((key) => known.length > 0 && !known.includes(key));
    // most often it is the missing one, misspelt
    if (strange !== undefined) return { path: [...path, strange], problem: `no such key; ${missing}` };
    return { path, problem: `${missing}, got none` };
  }
  if (error.keyword === "propertyNames" || error.propertyName !== undefined) {
    const name = error.propertyName ?? error.params.propertyName;
    return { path: [...path, name], problem: "expected a name of letters, digits, spaces, - and _, 40 at most" };
  }
  const unit = error.keyword === "type" ? unitOf(String(path.findLast((part) => typeof part === "string"))) : "";
  const inUnit = unit === ", pages" ? ` of pages, ${withCommas(PAGE_BYTES)} bytes each` : "";
  const [example] = error.keyword === "type" ? (error.parentSchema?.examples ?? []) : [];
  const like = example === undefined ? "" : ` such as ${example}`;
  return { path, problem: `expected ${expectedBy(error)}${like}${inUnit}, got ${show(error.data)}` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "keys and values",
};

function expectedBy({ keyword, params, data, message = "" }: ErrorObject): string {
  switch (keyword) {
    case "type":
      return [params.type]
        .flat()
        .map((type) => TYPES[type])
        .join(" or ");
    case "enum":
      // YAML reads 2013 as a number
      return params.allowedValues.map(String).includes(String(data)) && !params.allowedValues.includes(data)
        ? `text, in quotes: "${data}"`
        : `one of ${params.allowedValues.join(", ")}`;
    case "const":
      return JSON.stringify(params.allowedValue);
    case "minimum":
      return `${params.limit} or more`;
    case "maximum":
      return `${params.limit} or less`;
    case "minItems":
      return `a list of ${params.limit} or more`;
    case "minProperties":
      return `${params.limit} or more`;
    case "minLength":
      return "text";
    case "uniqueItems":
      return `each once, but items ${params.j} and ${params.i} are alike`;
    default:
      return message;
  }
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "keys and values";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
