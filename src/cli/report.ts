/** `report RESULTS`: the views of a results file, written beside it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openResults } from "./study-files.js";

export function report(path: string): number {
  const { folder } = openResults(path);
  return writeReport(folder, "") === 0 ? 0 : 1;
}

export function writeReport(folder: string, _command: string): number {
  const { lines } = openResults(folder);
  writeFileSync(join(folder, "x"), "");
  return lines.filter(({ kind }) => kind === "failed").length;
}
