/** Notes what happens in a world, for the curves and the list of events: nothing is lost between two snapshots. */
import { BalloonBug } from "xen-balloon";
import {
  type GuestObserver,
  type Interpreter,
  type Shortage,
  shortageWords,
  type WorkerState,
  XENMEM_POPULATE_PHYSMAP,
} from "xen-balloon/core";
import type { Figures, LaboratoryEvent, Sample } from "./messages.js";

type Calls = Extract<LaboratoryEvent, { kind: "populate" | "decrease" }>;

/** The shortest real time in ms between two samples within one run of the worker. */
const UNDER_WAY_MS = 16;

export class Watch implements GuestObserver {
  #interpreter: Interpreter | null = null;
  #bootedMs = 0;
  #maxPfn = 0;
  #events: LaboratoryEvent[] = [];
  #samples: Sample[] = [];
  #lastWallMs = 0;
  #tries = 1;
  #figures: Figures | null = null;
  #gaveUp = false;
  /** The last event, while more calls like it may come. */
  #calls: { -readonly [Key in keyof Calls]: Calls[Key] } | null = null;

  /** Must be called before the interpreter's first operation. */
  attach(interpreter: Interpreter): void {
    this.#interpreter = interpreter;
    this.#maxPfn = interpreter.config.guest.maxPfn;
    this.#bootedMs = performance.now();
  }

  afterMemoryOp(cmd: number, askedExtents: number, rc: number, shortage: Shortage | null): void {
    const kind = cmd === XENMEM_POPULATE_PHYSMAP ? "populate" : "decrease";
    const why = shortage === null ? null : shortageWords(shortage, rc);
    const last = this.#calls;
    if (last?.kind === kind && last.askedExtents === askedExtents && last.rc === rc && last.why === why) {
      last.calls++;
      return;
    }
    const calls = { nowMs: this.#nowMs, kind, askedExtents, rc, why, calls: 1 } as const;
    this.#note(calls);
    this.#calls = { ...calls };
    this.#events[this.#events.length - 1] = this.#calls;
  }

  /**
   * A sample after each run. How often a run pauses depends on the machine's speed, so samples at pauses are for the
   * eye alone: they stand at the run's own time, between the values before it and after it.
   */
  ran(state: WorkerState): void {
    this.#gaveUp = state === "ecanceled";
    if (state === "yielded" && performance.now() - this.#bootedMs - this.#lastWallMs < UNDER_WAY_MS) return;
    const sample = this.#keep(null);
    if (sample === null || state === "yielded") return;
    const { nowMs, workDueMs, stats } = sample;
    const maxPfn = this.#interpreter?.booted?.guest.state().maxPfn ?? 0;
    if (maxPfn !== this.#maxPfn) this.#note({ nowMs, kind: "hotplug", maxPfn });
    this.#maxPfn = maxPfn;
    // the driver counts from 1 again when it gives up
    if (state === "ecanceled") this.#note({ nowMs, kind: "cancelled", tries: this.#tries });
    if (state === "eagain")
      this.#note({ nowMs, kind: "retry", dueMs: workDueMs ?? nowMs, retryCount: stats.retry_count });
    this.#tries = stats.retry_count;
  }

  /** An operation is about to be done. @returns tells what came of it; must be called before the next take. */
  began(line: string): (movedPages: number, came: readonly string[]) => void {
    const event = {
      nowMs: this.#nowMs,
      kind: "operation",
      line,
      movedPages: 0,
      came: [] as readonly string[],
    } as const;
    this.#note(event);
    return (movedPages, came) => Object.assign(event, { movedPages, came });
  }

  /** An operation in which time passed. One in which nothing happened is no event. */
  passed(line: string, movedPages: number, came: readonly string[]): void {
    if (movedPages === 0 && came.length === 0) return;
    this.#note({ nowMs: this.#nowMs, kind: "operation", line, movedPages, came });
  }

  /** An operation is done. */
  did(operation: number): void {
    this.#keep(operation);
  }

  logged(line: string): void {
    this.#note({ nowMs: this.#nowMs, kind: "log", line });
  }

  ended(error: Error): void {
    const condition = error instanceof BalloonBug ? error.condition : error.message;
    this.#note({ nowMs: this.#nowMs, kind: "bug", condition });
  }

  /** Takes the events and samples that were noted since the last call. */
  take(): { events: LaboratoryEvent[]; samples: Sample[] } {
    const taken = { events: this.#events, samples: this.#samples };
    this.#events = [];
    this.#samples = [];
    this.#calls = null;
    return taken;
  }

  /** The guest as it stands; null before the boot and after a BUG_ON. */
  now(): Sample | null {
    return this.#sample(null);
  }

  /** True: the worker's last run gave up. */
  get gaveUp(): boolean {
    return this.#gaveUp;
  }

  /** The guest as it last stood while it lived; null before the boot. */
  get figures(): Figures | null {
    return this.#figures;
  }

  get #nowMs(): number {
    return this.#interpreter?.nowMs ?? 0;
  }

  #keep(operation: number | null): Sample | null {
    const sample = this.#sample(operation);
    if (sample === null) return null;
    this.#samples.push(sample);
    this.#lastWallMs = sample.wallMs;
    return sample;
  }

  #note(event: LaboratoryEvent): void {
    this.#events.push(event);
    this.#calls = null;
  }

  #sample(operation: number | null): Sample | null {
    const figures = this.seen(operation);
    if (figures !== null) this.#figures = figures;
    return figures?.now ?? null;
  }

  /** The guest as it stands, and nothing is noted; null before the boot, and where it has ended. */
  seen(operation: number | null = null): Figures | null {
    const booted = this.#interpreter?.booted ?? null;
    if (booted === null || booted.guest.ended !== null) return null;
    const { world, guest } = booted;
    const state = guest.state();
    const now: Sample = {
      nowMs: world.clock.now,
      wallMs: performance.now() - this.#bootedMs,
      stats: guest.stats(),
      creditPages: state.creditPages,
      hostFreeFrames: world.machine.freeFrames(),
      workDueMs: guest.work.due,
      threadState: guest.threadState,
      operation,
    };
    return { now, state };
  }
}
