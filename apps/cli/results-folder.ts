/** Finds and opens the results file of a study. */
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "xen-balloon/core";
import { type ReadResults, ResultsError, readResults } from "../study/results-file.js";
import { Failure, readText } from "./failure.js";

const RESULTS = "results.jsonl";

/**
 * Returns the path of a folder's results file; makes the folder where there is none.
 *
 * @throws Failure: it cannot be made
 */
export function resultsFileOf(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`${folder}: expected a folder, or a place for one: ${messageOf(error)}`, { cause: error });
  }
  return join(folder, RESULTS);
}

/**
 * @param path - a results file, or the folder that it is in.
 * @throws Failure that names the file and its first wrong line
 */
export function openResults(path: string): ReadResults & ResultsPlace {
  return openWith(path, readResults);
}

/** The folder of results, and the text of their file. */
interface ResultsPlace {
  readonly folder: string;
  readonly text: string;
}

/**
 * @param path - a results file, or the folder that it is in.
 * @param read - reads one kind of results.
 * @throws as openResults
 */
export function openWith<R extends Pick<ReadResults, "notes">>(
  path: string,
  read: (text: string) => R,
): R & ResultsPlace {
  const file = isFolder(path) ? join(path, RESULTS) : path;
  const text = readText(file);
  try {
    const results = read(text);
    for (const note of results.notes) process.stderr.write(`xen-balloon: ${file}: ${note}\n`);
    return { ...results, folder: dirname(file), text };
  } catch (error) {
    if (error instanceof ResultsError) throw new Failure(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Returns false for a path that does not exist or cannot be examined: reading it then tells the reason. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
