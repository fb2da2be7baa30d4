/** The scenarios show what they say: each plays to its end, and its own events come. */
import { describe, expect, test } from "vitest";
import { SCENARIOS } from "../../apps/laboratory/scenarios/scenarios.js";
import { traceStates } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

const [[, makeMachine]] = engines;

interface Line {
  readonly op: string;
  readonly ret: number;
  readonly now: number;
  readonly bug?: string;
  readonly credit?: number;
  readonly stats?: { readonly current_pages: number; readonly schedule_delay: number; readonly retry_count: number };
}

/** Tables of a terabyte take seconds to digest: its script is told, and no line of it is traced. */
const traced = SCENARIOS.filter(({ id }) => id !== "terabyte" && id !== "week");

function play(id: string): Line[] {
  const { script } = SCENARIOS.find((each) => each.id === id) ?? expect.unreachable(id);
  return [...traceStates(parseScript(script, { batches: "merged" }), makeMachine)].map((line) => JSON.parse(line));
}

test("there are six, each with something to look at", () => {
  expect(SCENARIOS).toHaveLength(6);
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(6);
  for (const { look, script } of SCENARIOS) {
    expect(look.length).toBeGreaterThan(1);
    expect(parseScript(script).steps[0].text).toBe("boot");
  }
});

describe.each(traced)("$title", ({ id }) => {
  const lines = play(id);

  test("every operation is done, and the guest is where it was asked to be", () => {
    for (const { op, ret } of lines) expect(ret, op).toBeGreaterThanOrEqual(0);
    if (id !== "bug-on") expect(lines.at(-1)).toMatchObject({ credit: 0 });
  });

  if (id === "bug-on") {
    test("the BUG_ON that is told fires", () => expect(lines.at(-1)).toMatchObject({ bug: "ret != nr_pages" }));
  }
  if (id === "full-host") {
    test("the driver backs off to its longest delay, and comes to its target at a try after the host had frames", () => {
      const given = lines.findIndex(({ op }) => op.startsWith("host_give"));
      expect(lines[given].stats).toMatchObject({ schedule_delay: 32, retry_count: 8 });
      expect(lines[given].now).toBe(120_000);
      expect(lines[given].credit).toBeGreaterThan(0);
    });
  }
});

test("a week of demand is 7 days, in the guest's memory, with a backup each night", () => {
  const { script } = SCENARIOS.find(({ id }) => id === "week") ?? expect.unreachable("a week");
  const { steps, config } = parseScript(script);
  let ms = 0;
  const at = new Map<number, number>();
  for (const { operation } of steps) {
    if (operation.op === "advance") ms += operation.ms;
    if (operation.op === "target") at.set(ms, operation.pages);
  }
  expect(ms).toBe(7 * 24 * 3_600_000);
  const targets = [...at.values()];
  expect(Math.max(...targets)).toBeLessThanOrEqual(config.guest.maxPfn);
  const around = (hour: number): number =>
    Math.max(...[...at].filter(([when]) => Math.abs(when / 3_600_000 - hour) < 0.5).map(([, pages]) => pages));
  for (let day = 0; day < 7; day++) expect(around(day * 24 + 2.5)).toBeGreaterThan(1.5 * around(day * 24 + 5));
  expect(around(3 * 24 + 21.5)).toBeGreaterThan(1.5 * around(2 * 24 + 21.5));
});
