/** Finds the results that a study is resumed from, which must be of the same study and build. */
import { existsSync } from "node:fs";
import { thisRuntime } from "xen-balloon/runtime";
import { buildId, buildOf } from "../study/environment.js";
import type { LoadedStudy } from "../study/load.js";
import type { ReadResults } from "../study/results-file.js";
import type { Study } from "../study/study.js";
import { Failure } from "./failure.js";
import { openResults } from "./results-folder.js";

/**
 * @param resume - false: there must be no results yet.
 * @returns null where there are none.
 * @throws Failure: results that the study must not or cannot be resumed from
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

/** Names the difference between results and a study; null where there is none. */
function otherThan({ header }: ReadResults, { study, cases }: LoadedStudy): string | null {
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join();
  if (ids(header.cases) !== ids(cases)) return "other cases: the study or its demand has changed";
  const changed = (Object.keys(study) as (keyof Study)[]).filter((key) => said(header.study[key]) !== said(study[key]));
  if (changed.length > 0) return `another study: its ${changed.join(" and ")} changed`;
  const build = buildOf(header.environment);
  if (build !== buildId()) return `another build: ${build}, not ${buildId()}`;
  const measured = [header.environment.runtime, header.environment.compiler].join(" with ");
  const { runtime, compiler } = thisRuntime();
  const here = [runtime, compiler].join(" with ");
  // counts are the same in every runtime
  return !study.measures.includes("time") || measured === here ? null : `another runtime: ${measured}, not ${here}`;
}

/** Serializes a part of a study without the name of a demand file: its content is in the ids of the cases. */
function said(value: unknown): string {
  return JSON.stringify(value, (key, inner) => (key === "demand" ? undefined : inner));
}
