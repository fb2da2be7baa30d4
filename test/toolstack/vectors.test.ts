/** The daemons' own answers, which are not part of the project. Skipped without ../shared. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { vectorFilesIn } from "../../apps/host/vectors/files.js";
import { runVectors } from "../../apps/host/vectors/run.js";

const FOLDER = fileURLToPath(new URL("../../../shared/host-vectors", import.meta.url));
const files = existsSync(FOLDER) ? [...vectorFilesIn(FOLDER)] : [];

describe.skipIf(files.length === 0)("vectors of the daemons (skipped without ../shared/host-vectors)", () => {
  test.each(files)("$name", (file) => {
    const lines: string[] = [];
    const { passed, failed } = runVectors([file], (line) => lines.push(line));
    expect(lines).toEqual([`${file.name}: ${passed} passed, 0 failed`, `${passed} passed, 0 failed`]);
    expect([passed > 0, failed]).toEqual([true, 0]);
  });
});
