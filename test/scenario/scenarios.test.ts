/** The scenarios of both generations: every line of every trace as it was. */
import { describe, expect, test } from "vitest";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";
import { readFixture, scenarioNames } from "../support/scenarios.js";

test("the scenarios are there", () => expect(scenarioNames.length).toBeGreaterThan(55));

describe.each(engines)("%s", (_, makeMachine) => {
  test.each(scenarioNames)("%s", (name) => {
    const expected = readFixture(`${name}.trace`).trimEnd().split("\n");
    const actual = [...traceScript(parseScript(readFixture(`${name}.ops`)), makeMachine)];
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
