/** The scenarios of both generations: every line of every trace as it was. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

const fixtures = new URL("../fixtures/", import.meta.url);
const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, fixtures))
    .filter((file) => file.endsWith(".ops"))
    .map((file) => folder + file.slice(0, -".ops".length));
const names = [...namesIn("scenarios/"), ...namesIn("modern-scenarios/")];

const read = (file: string): string => readFileSync(new URL(file, fixtures), "utf8");

test("the scenarios are there", () => expect(names.length).toBeGreaterThan(55));

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
