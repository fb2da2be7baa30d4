/** Nobody watches the hypercalls: the state after each operation, whether batches are made each or merged. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drain } from "../../src/clock/scheduler.js";
import { WasmMachine } from "../../src/engine/machine.js";
import type { GuestConfig, MachineFactory } from "../../src/host/backend.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { Interpreter } from "../../src/scenario/interpreter.js";
import { traceStates } from "../../src/scenario/run.js";
import { parseScript, type Script } from "../../src/scenario/script.js";
import { Tracer } from "../../src/scenario/trace.js";
import { driver2013 } from "../support/driver-2013.js";
import { debug, engines, release } from "../support/engines.js";
import { checkInvariants } from "../support/invariants.js";
import {
  allScripts,
  batchCounts,
  largeScripts,
  modernScripts,
  movingModernScripts,
  movingScripts,
} from "../support/random-scripts.js";
import { readFixture, scenarioNames } from "../support/scenarios.js";
import { runs } from "../support/seed.js";

const TIMEOUT_MS = 600_000;
type Batches = GuestConfig["batches"];
const ways: readonly Batches[] = ["each", "merged"];

const debugMachine: MachineFactory = (hostPages, mfnBase) => new WasmMachine(debug, hostPages, mfnBase);
const releaseMachine: MachineFactory = (hostPages, mfnBase) => new WasmMachine(release, hostPages, mfnBase);
const reference: MachineFactory = (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);

/** A line of the C's trace with the numbers of the hypercalls alone. */
function stateOf(line: string): Record<string, unknown> {
  const { calls, va, ...state } = JSON.parse(line);
  return calls === undefined ? state : { ...state, calls: { n: calls.n }, va: { n: va.n } };
}

describe.each(engines)("%s", (_, makeMachine) => {
  describe.each(ways)("batches: %s", (batches) => {
    test.each(scenarioNames)("%s", (name) => {
      const expected = readFixture(`${name}.trace`).trimEnd().split("\n");
      const actual = [...traceStates(parseScript(readFixture(`${name}.ops`), { batches }), makeMachine)];
      expect(actual).toHaveLength(expected.length);
      for (const [i, line] of actual.entries()) {
        const [came, wanted] = [JSON.parse(line), stateOf(expected[i])];
        // which BUG_ON is free in its wording
        if (wanted.bug !== undefined) {
          expect(came).toHaveProperty("bug");
          wanted.bug = came.bug;
        }
        expect(came, `line ${i + 1}`).toEqual(wanted);
      }
    });
  });
});

/** How many scripts moved pages by runs, and how many runs were more than a batch. */
class Coverage {
  scripts = 0;
  runs = 0;
  merged = 0;

  /** Counts the runs of a guest from now on. */
  watch({ booted }: Interpreter): void {
    if (booted === null) return;
    const { hypercalls } = booted.guest;
    const count = hypercalls.countRun.bind(hypercalls);
    hypercalls.countRun = (pfn, pages, mapped) => {
      const before = hypercalls.memoryOps;
      count(pfn, pages, mapped);
      this.runs++;
      if (hypercalls.memoryOps > before + 1) this.merged++;
    };
  }
}

/** Compares the states with those of the reference, and checks the validators of a debug build. */
function compare(text: string, makeMachine: MachineFactory, batches: Batches, coverage: Coverage): void {
  const script = parseScript(text, { batches });
  const expected = traceStates(script, reference);
  const tracer = new Tracer("counted");
  const interpreter = new Interpreter(script.config, makeMachine);
  coverage.scripts++;
  let heldByOthers = 0;
  for (const step of script.steps) {
    const outcome = interpreter.perform(step);
    if (step.operation.op === "boot" && outcome.ret === 0 && interpreter.booted !== null) {
      coverage.watch(interpreter);
    }
    const line = tracer.line(step, outcome, interpreter);
    expect(line, `${step.text}, line ${step.line}`).toBe(expected.next().value);
    if (outcome.bug !== null) return;
    if (interpreter.booted === null || makeMachine !== debugMachine) continue;
    if (step.operation.op === "host_take") heldByOthers += outcome.ret;
    if (step.operation.op === "host_give") heldByOthers -= outcome.ret;
    checkInvariants(interpreter, { heldByOthers, everyFrameNamed: !text.includes("fail decrease") });
  }
}

describe.each(
  ways.flatMap((batches) => [
    { batches, driver: "2013", all: allScripts, moving: movingScripts },
    { batches, driver: "modern", all: modernScripts, moving: movingModernScripts },
  ]),
)("the debug build against the reference, batches: $batches, driver $driver", ({ batches, all, moving }) => {
  test("whatever happens", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(all, (text) => compare(text, debugMachine, batches, coverage)),
      runs(100),
    );
    expect(coverage.runs).toBeGreaterThan(coverage.scripts);
    if (batches === "merged") expect(coverage.merged).toBeGreaterThan(0.2 * coverage.scripts);
    else expect(coverage.merged).toBe(0);
  });

  test("where runs, masks and single pages meet", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(moving, (text) => compare(text, debugMachine, batches, coverage)),
      runs(60),
    );
    expect(coverage.runs).toBeGreaterThan(coverage.scripts);
  });
});

test("guests of 2^22 pages and more, batches merged", { timeout: TIMEOUT_MS }, () => {
  const coverage = new Coverage();
  fc.assert(
    fc.property(largeScripts, (text) => compare(text, releaseMachine, "merged", coverage)),
    runs(6),
  );
  expect(coverage.merged).toBeGreaterThan(coverage.scripts);
});

test("a merged run that pauses after a few batches ends as one that runs straight through", {
  timeout: TIMEOUT_MS,
}, () => {
  /** Performs the script; the worker makes as many batches between its pauses as `budget` says. */
  function* states(script: Script, budget: () => number): Generator<string> {
    const tracer = new Tracer("counted");
    const interpreter = new Interpreter(script.config, debugMachine);
    for (const step of script.steps) {
      const outcome = drain(interpreter.performInPieces(step, budget));
      yield tracer.line(step, outcome, interpreter);
      if (outcome.bug !== null) return;
    }
  }
  fc.assert(
    fc.property(fc.oneof(movingScripts, movingModernScripts), batchCounts, (text, counts) => {
      const script = parseScript(text);
      let pauses = 0;
      const paused = [...states(script, () => counts[pauses++ % counts.length])];
      expect(paused).toEqual([...states(script, () => Number.POSITIVE_INFINITY)]);
    }),
    runs(40),
  );
});

test("a run makes no more batches than it may", () => {
  const script = parseScript("config nr_pages=100000 max_pfn=100000 host_pages=100000\nboot\ntarget 20000");
  const interpreter = new Interpreter(script.config, releaseMachine);
  for (const step of script.steps) interpreter.perform(step);
  const guest = interpreter.booted?.guest ?? expect.unreachable("the guest has booted");
  for (let made = 0; made < 30; made += 7) {
    expect(driver2013(guest.backend).runWorker(7)).toBe("yielded");
    expect(guest.hypercalls.memoryOps).toBe(made + 7);
    expect(guest.backend.stats().current_pages).toBe(100_000 - 512 * (made + 7));
  }
});
