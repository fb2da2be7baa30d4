/** `host --vectors FOLDER`: runs recorded answers of the real daemons through the policies. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "xen-balloon/core";
import type { VectorCount } from "../host/report/cases.js";
import { runVectors, type VectorFile, type Verdicts } from "../host/vectors/run.js";
import { Failure, readText } from "./failure.js";

/**
 * Runs the files of a folder.
 *
 * @param print - gets each line, without its end.
 * @throws Failure: there is no such folder, or nothing in it
 */
export function vectors(folder: string, print: (line: string) => void): Verdicts {
  const verdicts = runVectors(filesOf(folder), print);
  if (verdicts.passed + verdicts.failed > 0) return verdicts;
  throw new Failure(`${folder}: expected files of vectors (.json), got none that is known`);
}

/** Counts for each policy the recorded answers that it gives, as results and reports have them. */
export function vectorCounts({ ofPolicies }: Verdicts): readonly VectorCount[] {
  return [...ofPolicies].map(([policy, { passed, failed }]) => ({ policy, passed, of: passed + failed }));
}

function filesOf(folder: string): readonly VectorFile[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => ({ name, text: readText(join(folder, name)) }));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${folder}: expected a folder of vectors: ${messageOf(error)}`, { cause: error });
  }
}
