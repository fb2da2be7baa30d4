/** Finds files of vectors on disk. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { VectorFile } from "./run.js";

/**
 * Reads the files that a path names: of a folder, each whose name ends in .json, by name.
 *
 * @throws Error with the code of the file system, as ENOENT
 */
export function* vectorFilesIn(path: string): Generator<VectorFile> {
  if (!statSync(path).isDirectory()) {
    yield { name: basename(path), text: readFileSync(path, "utf8") };
    return;
  }
  const names = readdirSync(path).filter((name) => name.endsWith(".json"));
  for (const name of names.sort()) yield* vectorFilesIn(join(path, name));
}
