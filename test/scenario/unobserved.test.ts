/**
 * Nobody looks at the lists of the hypercalls: the state after each operation, whether batches are made each or merged, and
 * what an observer hears that is told of each call.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drain } from "../../src/clock/scheduler.js";
import { WasmMachine } from "../../src/engine/machine.js";
import type { GuestConfig, MachineFactory } from "../../src/host/backend.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { Interpreter, type Outcome } from "../../src/scenario/interpreter.js";
import { traceStates } from "../../src/scenario/run.js";
import { parseScript, type Script, type Step } from "../../src/scenario/script.js";
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
  returningScripts,
} from "../support/random-scripts.js";
import { readFixture, scenarioNames } from "../support/scenarios.js";
import { runs } from "../support/seed.js";

const TIMEOUT_MS = 600_000;
type Batches = GuestConfig["batches"];
const ways: readonly Batches[] = ["each", "merged"];

/** How a guest is run. An observer of each call has each batch made, though the guest says "merged". */
interface Way {
  readonly batches: Batches;
  readonly heard: boolean;
}

const MERGED: Way = { batches: "merged", heard: false };
const heardWays: readonly Way[] = [{ batches: "each", heard: false }, MERGED, { batches: "merged", heard: true }];

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

/** How many scripts moved pages by runs, how many runs were more than a batch, and of how many calls somebody heard. */
class Coverage {
  scripts = 0;
  heard = 0;
  runs = 0;
  merged = 0;

  /** Counts the runs of a guest from now on. */
  watch({ booted }: Interpreter): void {
    if (booted === null) return;
    const { hypercalls } = booted.guest;
    const ranPart = hypercalls.ranPart.bind(hypercalls);
    hypercalls.ranPart = (cmd, pfn, pages, extents, mapped) => {
      const before = hypercalls.memoryOps;
      ranPart(cmd, pfn, pages, extents, mapped);
      this.runs++;
      if (hypercalls.memoryOps > before + 1) this.merged++;
    };
  }
}

/** A script that is played step by step on one engine. */
class Played {
  readonly interpreter: Interpreter;
  readonly #tracer = new Tracer("counted");
  /** The calls that an observer has heard of since the last step. */
  #heard: unknown[] = [];

  constructor(script: Script, makeMachine: MachineFactory, heard: boolean) {
    const observers = heard ? [{ afterMemoryOp: (...call: unknown[]) => void this.#heard.push(call) }] : [];
    this.interpreter = new Interpreter(script.config, makeMachine, observers);
  }

  perform(step: Step): { readonly outcome: Outcome; readonly line: string; readonly heard: readonly unknown[] } {
    const outcome = this.interpreter.perform(step);
    const heard = this.#heard;
    this.#heard = [];
    return { outcome, line: this.#tracer.line(step, outcome, this.interpreter), heard };
  }
}

/** Compares the states with those of the reference, and checks the validators of a debug build. */
function compare(text: string, makeMachine: MachineFactory, { batches, heard }: Way, coverage: Coverage): void {
  const script = parseScript(text, { batches });
  const expected = new Played(script, reference, heard);
  const played = new Played(script, makeMachine, heard);
  const { interpreter } = played;
  coverage.scripts++;
  let heldByOthers = 0;
  for (const step of script.steps) {
    const { outcome, ...seen } = played.perform(step);
    if (step.operation.op === "boot" && outcome.ret === 0 && interpreter.booted !== null) {
      coverage.watch(interpreter);
    }
    const { outcome: _, ...wanted } = expected.perform(step);
    expect(seen, `${step.text}, line ${step.line}`).toEqual(wanted);
    coverage.heard += seen.heard.length;
    if (outcome.bug !== null) return;
    if (interpreter.booted === null || makeMachine !== debugMachine) continue;
    if (step.operation.op === "host_take") heldByOthers += outcome.ret;
    if (step.operation.op === "host_give") heldByOthers -= outcome.ret;
    checkInvariants(interpreter, { heldByOthers, everyFrameNamed: !text.includes("fail decrease") });
  }
}

describe.each(
  heardWays.flatMap((way) => [
    { way, driver: "2013", all: allScripts, moving: movingScripts },
    { way, driver: "modern", all: modernScripts, moving: movingModernScripts },
  ]),
)("the debug build against the reference, $way, driver $driver", ({ way, all, moving }) => {
  test("whatever happens", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(all, (text) => compare(text, debugMachine, way, coverage)),
      runs(100),
    );
    expect(coverage.runs).toBeGreaterThan(coverage.scripts);
    if (way === MERGED) expect(coverage.merged).toBeGreaterThan(0.2 * coverage.scripts);
    else expect(coverage.merged).toBe(0);
    if (way.heard) expect(coverage.heard).toBeGreaterThan(coverage.runs);
  });

  test("where runs, masks and single pages meet", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(moving, (text) => compare(text, debugMachine, way, coverage)),
      runs(60),
    );
    expect(coverage.runs).toBeGreaterThan(coverage.scripts);
  });
});

test("thousands of pages come back batch by batch, and leave again, batches merged", { timeout: TIMEOUT_MS }, () => {
  const coverage = new Coverage();
  fc.assert(
    fc.property(returningScripts, (text) => compare(text, debugMachine, MERGED, coverage)),
    runs(60),
  );
  expect(coverage.merged).toBeGreaterThan(coverage.scripts);
});

test("guests of 2^22 pages and more, batches merged", { timeout: TIMEOUT_MS }, () => {
  const coverage = new Coverage();
  fc.assert(
    fc.property(largeScripts, (text) => compare(text, releaseMachine, MERGED, coverage)),
    runs(10),
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
