/** The contract's scenarios: every line of every trace as the kernel's own C printed it. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

const folder = new URL("../fixtures/scenarios/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ops"))
  .map((file) => file.slice(0, -".ops".length));

const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");

test("the scenarios are there", () => expect(names.length).toBeGreaterThan(40));

describe.each(engines)("%s", (_, makeMachine) => {
  test.each(names)("%s", (name) => {
    const expected = read(`${name}.trace`).trimEnd().split("\n");
    const actual = [...traceScript(parseScript(read(`${name}.ops`)), makeMachine)];
    expect(actual).toHaveLength(expected.length);
    for (const [i, line] of actual.entries()) {
      const [came, wanted] = [JSON.parse(line), JSON.parse(expected[i])];
      // which BUG_ON is free in its wording
      if (wanted.bug !== undefined) {
        expect(came).toHaveProperty("bug");
        wanted.bug = came.bug;
      }
      expect(came, `line ${i + 1}`).toEqual(wanted);
    }
  });
});
