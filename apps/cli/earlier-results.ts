/** Finds the results that a study or a plan is resumed from, which must be of the same and of the same build. */
import { existsSync } from "node:fs";
import { thisRuntime } from "xen-balloon/runtime";
import { buildId, buildOf } from "../study/environment.js";
import type { Environment } from "../study/results.js";
import type { Study } from "../study/study.js";
import { Failure } from "./failure.js";

/** The source of results: a study or a plan, its cases, and the machine that measured them. */
interface Measured {
  readonly study: object;
  readonly cases: readonly { readonly id: string }[];
  readonly environment: Environment;
}

/**
 * @param resume - false: there must be no results yet.
 * @param open - reads results.
 * @param otherPlace - names the difference between a build and runtime that measured and these; null where there is none.
 * @returns null where there are none.
 * @throws Failure: results that the study must not or cannot be resumed from
 */
export function earlierResults<R extends { readonly header: Measured }>(
  file: string,
  resume: boolean,
  loaded: Omit<Measured, "environment">,
  open: (file: string) => R,
  otherPlace: (measured: Environment) => string | null,
): R | null {
  if (!existsSync(file)) return null;
  if (!resume) {
    throw new Failure(`${file} is there already: --resume goes on with it, --out names another folder`);
  }
  const earlier = open(file);
  const other = otherThan(earlier.header, loaded) ?? otherPlace(earlier.header.environment);
  if (other !== null) throw new Failure(`${file} has results of ${other}; --out names another folder`);
  return earlier;
}

/** Names the difference between results and what is asked; null where there is none. */
function otherThan(header: Measured, { study, cases }: Omit<Measured, "environment">): string | null {
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join();
  const what = "guests" in study ? "plan" : "study";
  if (ids(header.cases) !== ids(cases)) return `other cases: the ${what} or its demand has changed`;
  const [before, now] = [header.study, study] as Readonly<Record<string, unknown>>[];
  const changed = Object.keys(now).filter((key) => said(before[key]) !== said(now[key]));
  return changed.length > 0 ? `another ${what}: its ${changed.join(" and ")} changed` : null;
}

/** The difference of builds, and of runtimes where time is measured: counts are the same in every runtime. */
export function otherPlaceFor({ measures }: Study): (measured: Environment) => string | null {
  return (environment) => {
    const build = buildOf(environment);
    if (build !== buildId()) return `another build: ${build}, not ${buildId()}`;
    const measured = [environment.runtime, environment.compiler].join(" with ");
    const { runtime, compiler } = thisRuntime();
    const here = [runtime, compiler].join(" with ");
    return !measures.includes("time") || measured === here ? null : `another runtime: ${measured}, not ${here}`;
  };
}

/** Serializes a part of a study without the name of a demand file: its content is in the ids of the cases. */
function said(value: unknown): string {
  return JSON.stringify(value, (key, inner) => (key === "demand" ? undefined : inner));
}
