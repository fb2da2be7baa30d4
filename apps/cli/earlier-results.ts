/** Results to go on with: those of the same study and the same build. */
import { existsSync } from "node:fs";
import { buildId, buildOf } from "../study/environment.js";
import type { LoadedStudy } from "../study/load.js";
import type { ReadResults } from "../study/results-file.js";
import type { Study } from "../study/study.js";
import { Failure } from "./failure.js";
import { openResults } from "./results-folder.js";

/**
 * @param resume - goes on with what is there.
 * @returns null where nothing was measured yet.
 * @throws Failure: results that cannot be gone on with, or must not be
 */
export function earlierResults(file: string, resume: boolean, loaded: LoadedStudy): ReadResults | null {
  if (!existsSync(file)) return null;
  if (!resume) {
    throw new Failure(`${file} is there already: --resume goes on with it, --out names another folder`);
  }
  const earlier = openResults(file);
  const other = otherThan(earlier, loaded);
  if (other !== null) throw new Failure(`${file} has results of ${other}; --out names another folder`);
  return earlier;
}

/** What is not the same; null where all is. */
function otherThan({ header }: ReadResults, { study, cases }: LoadedStudy): string | null {
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join();
  if (ids(header.cases) !== ids(cases)) return "other cases: the study or its demand has changed";
  const changed = (Object.keys(study) as (keyof Study)[]).filter((key) => said(header.study[key]) !== said(study[key]));
  if (changed.length > 0) return `another study: its ${changed.join(" and ")} changed`;
  const build = buildOf(header.environment);
  return build === buildId() ? null : `another build: ${build}, not ${buildId()}`;
}

/** What a demand file is called makes no difference: what it says is in the cases' ids. */
function said(value: unknown): string {
  return JSON.stringify(value, (key, inner) => (key === "demand" ? undefined : inner));
}
