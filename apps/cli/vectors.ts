/** `host --vectors FOLDER`: runs recorded answers of the real daemons through the policies. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "xen-balloon/core";
import { runVectors, type VectorFile } from "../host/vectors/run.js";
import { Failure, readText } from "./failure.js";

/**
 * @returns the exit status: 1 when an answer differs.
 * @throws Failure: there is no such folder, or nothing in it
 */
export function vectors(folder: string): number {
  const { passed, failed } = runVectors(filesOf(folder), (line) => process.stdout.write(`${line}\n`));
  if (passed + failed === 0) throw new Failure(`${folder}: expected files of vectors (.json), got none that is known`);
  return failed === 0 ? 0 : 1;
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
