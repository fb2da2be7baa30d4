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

/**
 * Reads a text file.
 *
 * @throws Failure that names the file
 */
export function readText(file: string): string {
  return readBytes(file).toString("utf8");
}

/**
 * Reads a file whose encoding is not known.
 *
 * @throws Failure that names the file
 */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Failure(`${file}: ${REASONS[code] ?? message}`, { cause: error });
  }
}
