/** The daemons' own answers, which are not part of the project. Skipped without ../shared. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runVectors } from "../../apps/host/vectors/run.js";

const FOLDER = new URL("../../../shared/host-vectors/", import.meta.url);
const there = existsSync(FOLDER);
const names = there ? readdirSync(FOLDER).filter((name) => name.endsWith(".json")) : [];

describe.skipIf(!there)("vectors of the daemons (skipped without ../shared/host-vectors)", () => {
  test.each(names)("%s", (name) => {
    const lines: string[] = [];
    const file = { name, text: readFileSync(new URL(name, FOLDER), "utf8") };
    const { failed } = runVectors([file], (line) => lines.push(line));
    expect(lines.slice(1, -1).filter((line) => !line.includes("not a kind that is known"))).toEqual([]);
    expect(failed).toBe(0);
  });
});
