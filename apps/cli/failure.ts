/** What a user did wrong, told in one line; the command ends with status 2. */
import { readFileSync } from "node:fs";

export class Failure extends Error {
  override readonly name = "Failure";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "is a directory, not a file",
};

/** @throws Failure that names the file */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Failure(`${file}: ${REASONS[code] ?? message}`, { cause: error });
  }
}
