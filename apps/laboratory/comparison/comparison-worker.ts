/** The script of the comparison's worker, which measures. */
import { Bench } from "tinybench";
import {
  Emitter,
  type MachineFactory,
  ReferenceMachine,
  Server,
  serveConnections,
  WasmMachine,
} from "xen-balloon/core";
import { type EngineModules, loadModules } from "xen-balloon/inline";
import { timerGrainNs } from "../../study/timer-grain.js";
import {
  type ComparisonCase,
  type ComparisonEvents,
  type ComparisonResult,
  comparisonCases,
  type EngineName,
  expectedOf,
  guestsFor,
  SAMPLES_A_ROUND,
} from "./comparison.js";
import { Herd } from "./comparison-herd.js";

const ROUNDS = 5;
/** Long beside the grain of the timer, even where it is 100 µs. */
const LEAST_SAMPLE_MS = 2;
/**
 * Each guest has a linear memory, for which a browser sets 10 GiB of addresses aside, of 1 TiB in all. Those of first
 * touch are booted anew for every sample, and what is left of the last ones may not have been collected yet.
 */
const MOST_GUESTS = { first: 28, warm: 36 } as const;
/** 20 ms where the grain is 100 µs. */
const TIMER_STEPS = 200;
/** The time until the compiler has settled. */
const WARM_UP_MS = 250;
const WARM_UP_CYCLES = 3;

/** They are loaded before anything is measured. */
let modules: EngineModules;
const machines: Readonly<Record<EngineName, MachineFactory>> = {
  engine: (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase),
  reference: (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase),
};

/** One engine in one case. */
class Subject {
  readonly engine: EngineName;
  readonly guests: number;
  readonly samplesNs: number[] = [];
  readonly #case: ComparisonCase;
  #herd: Herd | null = null;

  /** Moves once and counts, before anything is timed. */
  constructor(engine: EngineName, measured: ComparisonCase) {
    this.engine = engine;
    this.#case = measured;
    this.guests = guestsFor(warmUp(machines[engine], measured), LEAST_SAMPLE_MS, MOST_GUESTS[measured.touch]);
    for (let i = 0; i < WARM_UP_CYCLES; i++) this.#once();
  }

  #once(): void {
    this.prepare();
    this.move();
    this.check();
  }

  prepare(): void {
    // the last one must be freed to make room for the next
    if (this.#case.touch === "first") this.#herd = null;
    this.#herd ??= new Herd(machines[this.engine], this.#case, this.guests);
    this.#herd.prepare(this.#case.direction);
  }

  move(): void {
    this.#herd?.move(this.#case.direction);
  }

  check(): void {
    this.#herd?.check(this.#case.direction);
  }

  result(): ComparisonResult {
    const { pages, calls } = expectedOf(this.#case);
    return {
      case: this.#case,
      engine: this.engine,
      guests: this.guests,
      pagesPerSample: pages * this.guests,
      callsPerSample: calls * this.guests,
      samplesNs: this.samplesNs,
    };
  }
}

/** Moves one guest out and in until the compiler has done what it does: how long one move takes then, in ms. */
function warmUp(makeMachine: MachineFactory, measured: ComparisonCase): number {
  const herd = new Herd(makeMachine, measured, 1);
  let moveMs = Number.POSITIVE_INFINITY;
  const until = performance.now() + WARM_UP_MS;
  for (let cycles = 0; cycles < WARM_UP_CYCLES || performance.now() < until; cycles++) {
    herd.prepare(measured.direction);
    const begun = performance.now();
    herd.move(measured.direction);
    moveMs = Math.min(moveMs, performance.now() - begun);
    herd.check(measured.direction);
  }
  return moveMs;
}

function measure(measured: ComparisonCase): readonly ComparisonResult[] {
  const subjects = measured.engines.map((engine) => new Subject(engine, measured));
  for (let round = 0; round < ROUNDS; round++) {
    const bench = new Bench({ time: 0, iterations: SAMPLES_A_ROUND, warmup: false, retainSamples: true, throws: true });
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      bench.add(subject.engine, () => subject.move(), {
        // else tinybench calls it once to see whether it answers a promise, with nothing prepared
        async: false,
        beforeEach: () => subject.prepare(),
        afterEach: () => subject.check(),
      });
    }
    bench.runSync();
    for (const subject of subjects) {
      const result = bench.getTask(subject.engine)?.result;
      if (result?.state !== "completed") throw new Error(`${subject.engine}: not measured, ${result?.state}`);
      subject.samplesNs.push(...(result.latency.samples ?? []).map((ms) => Math.round(ms * 1e6)));
    }
  }
  return subjects.map((subject) => subject.result());
}

class Comparison extends Emitter<ComparisonEvents> {
  /** Measures every case. */
  async run(): Promise<void> {
    modules = await loadModules();
    await this.#report("begun", { timerGrainNs: timerGrainNs(TIMER_STEPS), crossOriginIsolated });
    const cases = comparisonCases();
    for (const [done, measured] of cases.entries()) {
      await this.#report("measuring", { done, of: cases.length, case: measured });
      await this.#report("results", { results: measure(measured) });
    }
  }

  /** Tells an event, which leaves at the end of a turn: before the next case is measured. */
  async #report<K extends keyof ComparisonEvents>(name: K, event: ComparisonEvents[K]): Promise<void> {
    this.tell(name, event);
    await Promise.resolve();
  }
}

const service = { root: new Comparison(), events: ["begun", "measuring", "results"], state: () => null };
serveConnections((port) => new Server(port, service));
