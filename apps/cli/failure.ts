/** Failures that the user can mend: the command prints one line and ends with status 2. */
import { readFileSync } from "node:fs";

/** A failure whose message is for the user. */
export class Failure extends Error {
  override readonly name = "Failure";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "is a directory, not a file",
};

/** The file name that stands for standard input. */
export const STANDARD_INPUT = "-";

/** The name of a file for messages. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

/**
 * Reads a text file, or standard input to its end.
 *
 * @throws Failure that names the file
 */
export function readText(file: string): string {
  return readBytes(file).toString("utf8");
}

/**
 * Reads a file, or standard input to its end, whose encoding is not known.
 *
 * @throws Failure that names the file
 */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file === STANDARD_INPUT ? 0 : file);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Failure(`${nameOf(file)}: ${REASONS[code] ?? message}`, { cause: error });
  }
}
