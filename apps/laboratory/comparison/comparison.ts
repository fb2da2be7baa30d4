/** The comparison in its worker: it runs one side, or times both. */
import { Bench } from "tinybench";
import type { EngineModules } from "xen-balloon";
import { Emitter, type MachineFactory, ReferenceMachine, WasmMachine } from "xen-balloon/core";
import { timerGrainNs } from "../../study/timer-grain.js";
import { type Behaviour, behave, readSide } from "./behaviour.js";
import { Herd } from "./comparison-herd.js";
import { type Both, SIDES, type Side, type SideEngine } from "./side.js";
import { guestsFor, ROUNDS, SAMPLES_A_ROUND, type Timed } from "./timing.js";

/** The events of a run under way. */
export interface ComparisonEvents {
  /** So much of the work is done, from 0 to 1. */
  readonly progress: { readonly done: number };
  readonly measuring: { readonly timerGrainNs: number };
}

/** The run of a side and its time. */
export interface TimedBehaviour {
  readonly behaviour: Behaviour;
  readonly timed: Timed;
}

/** The measurement of a side, or the reason why there is none. */
export type TimedOrNot = TimedBehaviour | { readonly problem: string };

/** Progress is told no more often. */
const TELL_MS = 50;
/** Long beside the grain of the timer, even where it is 100 µs. */
const LEAST_SAMPLE_MS = 2;
/**
 * Each guest has a linear memory, for which a browser sets 10 GiB of addresses aside, of 1 TiB in all, and so has its
 * machine.
 */
const MOST_GUESTS = 16;
/** 20 ms where the grain is 100 µs. */
const TIMER_STEPS = 200;
/** The time until the compiler has settled, and the least number of runs in it. */
const WARM_UP_MS = 250;
const WARM_UP_RUNS = 3;
/** A longer run is not repeated to warm up. */
const LONG_RUN_MS = 2000;

/** One side that is timed. */
class Subject {
  readonly samplesNs: number[] = [];
  readonly herd: Herd;
  readonly #behaviour: Behaviour;
  readonly #work: Omit<Timed, "samplesNs">;

  /** Runs once and counts, then until the compiler has settled, before anything is timed. */
  constructor({ config }: Side, operations: string, makeMachine: MachineFactory) {
    // timed runs make each batch, as a study does
    const script = readSide(config, operations, { batches: "each" });
    if (script.steps.length < 2) throw new Error("expected operations to time, got none");
    this.#behaviour = resultOf(behave(script, makeMachine));
    const { counts, bug } = this.#behaviour;
    if (counts === null) throw new Error(`a run that ends in BUG_ON(${bug}) cannot be timed`);
    const { memoryOps: calls } = counts;
    const guests = guestsFor(warmUp(new Herd(script, makeMachine, 1, calls)), LEAST_SAMPLE_MS, MOST_GUESTS);
    this.herd = new Herd(script, makeMachine, guests, calls);
    this.#work = { guests, pages: counts.pagesOut + counts.pagesIn, calls };
  }

  get came(): TimedBehaviour {
    return { behaviour: this.#behaviour, timed: { ...this.#work, samplesNs: this.samplesNs } };
  }
}

/** Runs one guest until the compiler has done what it does: how long one run takes then, in ms. */
function warmUp(herd: Herd): number {
  let leastMs = Number.POSITIVE_INFINITY;
  const until = performance.now() + WARM_UP_MS;
  for (
    let runs = 0;
    (runs < WARM_UP_RUNS || performance.now() < until) && !(leastMs > LONG_RUN_MS && runs > 0);
    runs++
  ) {
    herd.prepare();
    const begun = performance.now();
    herd.run();
    leastMs = Math.min(leastMs, performance.now() - begun);
    herd.check();
  }
  return leastMs;
}

function resultOf(run: Generator<number, Behaviour>): Behaviour {
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** Measures the sides in turn. */
function sample(subjects: readonly Subject[], round: number): void {
  const bench = new Bench({ time: 0, iterations: SAMPLES_A_ROUND, warmup: false, retainSamples: true, throws: true });
  const inTurn = round % 2 === 0 ? subjects : subjects.toReversed();
  for (const [i, { herd }] of inTurn.entries()) {
    bench.add(String(i), () => herd.run(), {
      // else tinybench calls it once to see whether it answers a promise, with nothing prepared
      async: false,
      beforeEach: () => herd.prepare(),
      afterEach: () => herd.check(),
    });
  }
  bench.runSync();
  for (const [i, { samplesNs }] of inTurn.entries()) {
    const result = bench.getTask(String(i))?.result;
    if (result?.state !== "completed") throw new Error(`not measured: ${result?.state}`);
    samplesNs.push(...(result.latency.samples ?? []).map((ms) => Math.round(ms * 1e6)));
  }
}

export class Comparison extends Emitter<ComparisonEvents> {
  readonly #modules: Promise<EngineModules>;

  constructor(modules: Promise<EngineModules>) {
    super();
    this.#modules = modules;
    // the first call throws it
    modules.catch(() => undefined);
  }

  /**
   * Runs one side.
   *
   * @throws ScriptError: an invalid script. Error: the guest does not boot.
   */
  async behave({ config, engine }: Side, operations: string): Promise<Behaviour> {
    const script = readSide(config, operations);
    const run = behave(script, await this.#machines(engine));
    let told = performance.now();
    for (;;) {
      const step = run.next();
      if (step.done) return step.value;
      if (performance.now() - told < TELL_MS) continue;
      await this.#report("progress", { done: step.value / (script.steps.length - 1) });
      told = performance.now();
    }
  }

  /** Times both sides. One that cannot be timed does not take the other. */
  async time(sides: Both<Side>, operations: string): Promise<Both<TimedOrNot>> {
    await this.#report("measuring", { timerGrainNs: timerGrainNs(TIMER_STEPS) });
    const made: Record<string, Subject | Error> = {};
    for (const side of SIDES) {
      try {
        made[side] = new Subject(sides[side], operations, await this.#machines(sides[side].engine));
      } catch (error) {
        made[side] = error as Error;
      }
    }
    const subjects = SIDES.map((side) => made[side]).filter((subject) => subject instanceof Subject);
    for (let round = 0; round < ROUNDS && subjects.length > 0; round++) {
      await this.#report("progress", { done: round / ROUNDS });
      sample(subjects, round);
    }
    const told = (subject: Subject | Error): TimedOrNot =>
      subject instanceof Subject ? subject.came : { problem: subject.message };
    return { a: told(made.a), b: told(made.b) };
  }

  async #machines(engine: SideEngine): Promise<MachineFactory> {
    if (engine === "reference") return (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);
    const modules = await this.#modules;
    return (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase);
  }

  /** Tells an event, which leaves at the end of a turn: before the work goes on. */
  async #report<K extends keyof ComparisonEvents>(name: K, event: ComparisonEvents[K]): Promise<void> {
    this.tell(name, event);
    await Promise.resolve();
  }
}
