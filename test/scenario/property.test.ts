/** Random scripts: the driver in Wasm and the reference side by side, and what must hold after every operation. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Budget, drain } from "../../src/clock/scheduler.js";
import { WasmMachine } from "../../src/engine/machine.js";
import type { MachineFactory } from "../../src/host/backend.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { Interpreter, type Outcome } from "../../src/scenario/interpreter.js";
import { parseScript, type Script, type Step } from "../../src/scenario/script.js";
import { Tracer } from "../../src/scenario/trace.js";
import { debug } from "../support/engines.js";
import { checkCensus, checkInvariants, compareCensus } from "../support/invariants.js";
import {
  allScripts,
  batchCounts,
  modernScripts,
  movingModernScripts,
  movingScripts,
  peacefulModernScripts,
  peacefulScripts,
} from "../support/random-scripts.js";
import { runs } from "../support/seed.js";

const TIMEOUT_MS = 600_000;
const LOOK_EVERY = 8;

const wasm: MachineFactory = (hostPages, mfnBase) => new WasmMachine(debug, hostPages, mfnBase);
const reference: MachineFactory = (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);

/** A interpreter and its trace. */
class Traced {
  readonly interpreter: Interpreter;
  /** Pages lent out, by the name of their array. */
  readonly #lent = new Map<string, number>();
  /** Pages that callers who had to wait asked for. */
  readonly #wanted = new Map<string, number>();
  readonly #tracer = new Tracer();

  constructor(script: Script, makeMachine: MachineFactory) {
    this.interpreter = new Interpreter(script.config, makeMachine, [this.#tracer.observer]);
  }

  perform(step: Step): { outcome: Outcome; line: string } {
    return this.#traced(step, this.interpreter.perform(step));
  }

  /** The same, but the worker pauses whenever its budget is used up. */
  performInPieces(step: Step, budget: Budget): { outcome: Outcome; line: string } {
    return this.#traced(step, drain(this.interpreter.performInPieces(step, budget)));
  }

  get lentPages(): number {
    return [...this.#lent.values()].reduce((sum, pages) => sum + pages, 0);
  }

  #traced(step: Step, outcome: Outcome): { outcome: Outcome; line: string } {
    const { operation } = step;
    if (operation.op === "balloon_alloc" && outcome.ret === 0) this.#lent.set(operation.name, operation.pages);
    if (operation.op === "balloon_alloc" && outcome.ret === 1) this.#wanted.set(operation.name, operation.pages);
    for (const [name, rc] of this.interpreter.arrays.done)
      if (rc === 0) this.#lent.set(name, this.#wanted.get(name) ?? 0);
    if (operation.op === "balloon_free" && outcome.ret >= 0) this.#lent.set(operation.name, outcome.ret);
    return { outcome, line: this.#tracer.line(step, outcome, this.interpreter) };
  }
}

/** How many scripts booted, ended in a BUG_ON, moved pages in either direction: a property of nothing proves nothing. */
class Coverage {
  scripts = 0;
  booted = 0;
  bugs = 0;
  inflations = 0;
  deflations = 0;
  hotplugs = 0;
}

function compare(text: string, coverage: Coverage): void {
  const script = parseScript(text);
  const ours = new Traced(script, wasm);
  const theirs = new Traced(script, reference);
  let heldByOthers = 0;
  let everyFrameNamed = true;
  let pages = script.config.guest.maxPfn;
  coverage.scripts++;
  for (const step of script.steps) {
    const { outcome, line } = ours.perform(step);
    expect(line, `${step.text}, line ${step.line}`).toBe(theirs.perform(step).line);
    if (outcome.bug !== null) {
      coverage.bugs++;
      return;
    }
    if (ours.interpreter.booted === null) continue;

    const { operation } = step;
    if (operation.op === "boot" && outcome.ret === 0) coverage.booted++;
    if (operation.op === "host_take") heldByOthers += outcome.ret;
    if (operation.op === "host_give") heldByOthers -= outcome.ret;
    if (operation.op === "fail decrease" && operation.amount > 0) everyFrameNamed = false;
    checkInvariants(ours.interpreter, { heldByOthers, everyFrameNamed });
    // page by page it takes as long as all the rest: now and then
    if (step.index % LOOK_EVERY === 1) {
      checkCensus(ours.interpreter, ours.lentPages);
      compareCensus(ours.interpreter, theirs.interpreter);
    }

    const { totPages, maxPfn } = ours.interpreter.booted.guest.state();
    if (totPages < pages) coverage.inflations++;
    if (totPages > pages) coverage.deflations++;
    if (operation.op === "online" && maxPfn > script.config.guest.maxPfn) coverage.hotplugs++;
    pages = totPages;
  }
}

describe.each([
  ["2013", allScripts, movingScripts],
  ["modern", modernScripts, movingModernScripts],
] as const)("both engines trace the same, and their tables agree: driver %s", (_, all, moving) => {
  test("whatever happens", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(all, (text) => compare(text, coverage)),
      runs(200),
    );
    // the modern driver starts no guest of which extra regions leave nothing
    expect(coverage.booted).toBeGreaterThan(0.6 * coverage.scripts);
    expect(coverage.bugs).toBeGreaterThan(0.1 * coverage.scripts);
    expect(coverage.inflations).toBeGreaterThan(coverage.scripts);
    expect(coverage.deflations).toBeGreaterThan(coverage.scripts);
    expect(coverage.hotplugs).toBeGreaterThan(0.1 * coverage.scripts);
  });

  test("where runs, masks and single pages meet", { timeout: TIMEOUT_MS }, () => {
    const coverage = new Coverage();
    fc.assert(
      fc.property(moving, (text) => compare(text, coverage)),
      runs(100),
    );
    expect(coverage.inflations).toBeGreaterThan(coverage.scripts);
    expect(coverage.deflations).toBeGreaterThan(coverage.scripts);
  });
});

describe.each([
  ["wasm, debug build", wasm],
  ["reference", reference],
])("%s", (_, makeMachine) => {
  test.each([
    ["worker", peacefulScripts],
    ["thread", peacefulModernScripts],
  ])(
    "a %s that pauses between batches ends as one that runs straight through",
    { timeout: TIMEOUT_MS },
    (__, texts) => {
      fc.assert(
        fc.property(texts, batchCounts, (text, counts) => {
          const script = parseScript(text);
          const straight = new Traced(script, makeMachine);
          const paused = new Traced(script, makeMachine);
          let pauses = 0;
          // who looks on while the worker pauses changes nothing
          const budget = (): number => {
            if (pauses % LOOK_EVERY === 1) checkCensus(paused.interpreter, paused.lentPages);
            return counts[pauses++ % counts.length];
          };
          for (const step of script.steps) {
            const { line } = paused.performInPieces(step, budget);
            expect(line, `${step.text}, line ${step.line}`).toBe(straight.perform(step).line);
          }
        }),
        runs(60),
      );
    },
  );
});
