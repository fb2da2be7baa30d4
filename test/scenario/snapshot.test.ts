/** Random scripts that go back to snapshots on the way: everything that follows is as it was. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WasmMachine } from "../../src/engine/machine.js";
import type { MachineFactory } from "../../src/host/backend.js";
import type { Saved } from "../../src/host/saved.js";
import { addWords, EMPTY_DIGEST } from "../../src/scenario/digest.js";
import { Interpreter } from "../../src/scenario/interpreter.js";
import { parseScript, type Script } from "../../src/scenario/script.js";
import { Tracer } from "../../src/scenario/trace.js";
import { engines, release } from "../support/engines.js";
import {
  allScripts,
  largeScripts,
  modernScripts,
  movingModernScripts,
  movingScripts,
} from "../support/random-scripts.js";
import { runs } from "../support/seed.js";

const TIMEOUT_MS = 600_000;

/** A script that is played step by step, and goes back. */
class Traced {
  readonly interpreter: Interpreter;
  readonly #script: Script;
  #tracer = new Tracer();

  constructor(script: Script, makeMachine: MachineFactory) {
    this.#script = script;
    this.interpreter = new Interpreter(script.config, makeMachine, [
      {
        beforeMemoryOp: (...call) => this.#tracer.observer.beforeMemoryOp(...call),
        afterMemoryOp: (cmd, asked, rc) => this.#tracer.observer.afterMemoryOp(cmd, asked, rc),
        vaMapping: (...call) => this.#tracer.observer.vaMapping(...call),
      },
    ]);
  }

  /** Performs step `at`. The line has the counters since boot in place of those since the step before. */
  line(at: number): { line: string; bug: boolean } {
    const step = this.#script.steps[at];
    const outcome = this.interpreter.perform(step);
    const { scrub, tlb, kmap, ...line } = JSON.parse(this.#tracer.line(step, outcome, this.interpreter));
    const bug = outcome.bug !== null;
    const state = bug ? null : this.interpreter.booted?.guest.state();
    return { line: JSON.stringify({ ...line, state }), bug };
  }

  restore(saved: Saved): void {
    saved.restore();
    this.#tracer = new Tracer();
  }
}

/** Whatever a trace line does not have: digests of the tables, the list, the pages by state; the modern driver's thread. */
function tablesOf({ booted, config, arrays }: Interpreter): object {
  if (booted === null || booted.guest.ended !== null) return {};
  const { world, guest } = booted;
  const { thread } = guest;
  const p2m = new Uint32Array(config.guest.pfnLimit);
  const m2p = new Uint32Array(config.hostPages);
  guest.backend.readP2m(0, p2m);
  world.machine.readM2p(0, m2p);
  let list = EMPTY_DIGEST;
  for (const piece of guest.backend.balloonedPages()) list = addWords(list, piece);
  const { counts } = guest.census({ pfn: 0, pages: config.guest.pfnLimit, cellPages: 64 });
  return {
    p2m: addWords(EMPTY_DIGEST, p2m),
    m2p: addWords(EMPTY_DIGEST, m2p),
    list,
    census: Object.values(counts).map((cells) => addWords(EMPTY_DIGEST, cells)),
    freeFrames: world.machine.freeFrames(),
    thread: thread && [thread.state, thread.woken, thread.due, thread.runsAt, thread.waiting.map(({ woken }) => woken)],
    waiting: arrays.waiting,
  };
}

interface Coverage {
  restores: number;
  revived: number;
  /** Restores to a moment at which a caller waits for pages. */
  waiting: number;
}

const noCoverage = (): Coverage => ({ restores: 0, revived: 0, waiting: 0 });

/**
 * Plays a script to its end with a snapshot at each of `points`, and goes back to them in the order of `restores`, each
 * time for some steps or to the end.
 */
function compare(
  script: Script,
  makeMachine: MachineFactory,
  points: readonly number[],
  restores: readonly (readonly [point: number, steps: number])[],
  coverage: Coverage,
): void {
  const { steps } = script;
  const lines: string[] = [];
  const tables = new Map<number, object>();
  const saved = new Map<number, Saved>();
  const at = new Set(
    [0, ...points].map((point) => Math.min(Math.floor((point * steps.length) / 1000), steps.length - 1)),
  );
  const traced = new Traced(script, makeMachine);
  let ended = false;
  for (let i = 0; i < steps.length && !ended; i++) {
    if (at.has(i)) {
      saved.set(i, traced.interpreter.save());
      tables.set(i, tablesOf(traced.interpreter));
    }
    const { line, bug } = traced.line(i);
    lines.push(line);
    ended = bug;
  }
  const end = tablesOf(traced.interpreter);
  const places = [...saved.keys()];
  for (const [place, count] of restores) {
    const from = places[place % places.length];
    traced.restore(saved.get(from) as Saved);
    coverage.restores++;
    if (ended) coverage.revived++;
    if (traced.interpreter.arrays.waiting.length > 0) coverage.waiting++;
    expect(tablesOf(traced.interpreter), `tables at step ${from}`).toEqual(tables.get(from));
    const to = Math.min(from + count, lines.length);
    for (let i = from; i < to; i++) {
      const { line, bug } = traced.line(i);
      expect(line, `${steps[i].text}, line ${steps[i].line}, after a restore to step ${from}`).toBe(lines[i]);
      ended = bug;
    }
    if (to === lines.length) expect(tablesOf(traced.interpreter)).toEqual(end);
  }
}

const points = fc.array(fc.nat(999), { minLength: 1, maxLength: 4 });
const restores = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(20), fc.constant(1000))), { minLength: 2, maxLength: 5 });

describe.each(engines)("%s", (_, makeMachine) => {
  describe.each([
    ["2013", allScripts, movingScripts],
    ["modern", modernScripts, movingModernScripts],
  ] as const)("driver %s", (__, all, moving) => {
    test("a script that goes back goes on as before", { timeout: TIMEOUT_MS }, () => {
      const coverage = noCoverage();
      fc.assert(
        fc.property(all, points, restores, (text, at, back) => {
          compare(parseScript(text), makeMachine, at, back, coverage);
        }),
        runs(40),
      );
      expect(coverage.restores).toBeGreaterThan(80);
      expect(coverage.revived).toBeGreaterThan(5);
    });

    test("likewise where runs, masks and single pages meet", { timeout: TIMEOUT_MS }, () => {
      fc.assert(
        fc.property(moving, points, restores, (text, at, back) => {
          compare(parseScript(text), makeMachine, at, back, noCoverage());
        }),
        runs(20),
      );
    });
  });

  test("from every operation of the modern driver's scenarios, callers that wait and guests that end included", () => {
    const folder = new URL("../fixtures/modern-scenarios/", import.meta.url);
    const coverage = noCoverage();
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".ops"))) {
      const script = parseScript(readFileSync(new URL(file, folder), "utf8"));
      const { length } = script.steps;
      const everywhere = script.steps.map((___, at) => Math.ceil((at * 1000) / length));
      const back = everywhere.map((___, at) => [length - 1 - at, length] as const);
      const forth = everywhere.map((___, at) => [at, 3] as const);
      compare(script, makeMachine, everywhere, [...back, ...forth], coverage);
    }
    expect(coverage.waiting).toBeGreaterThan(10);
    expect(coverage.revived).toBeGreaterThan(5);
  });
});

test("likewise in a guest of 16 GiB", { timeout: TIMEOUT_MS }, () => {
  const makeMachine: MachineFactory = (hostPages, mfnBase) => new WasmMachine(release, hostPages, mfnBase);
  fc.assert(
    fc.property(largeScripts, points, restores, (text, at, back) => {
      compare(parseScript(text), makeMachine, at, back, noCoverage());
    }),
    runs(1),
  );
});
