/** Notes what happens in a world, for the curves and the list of events: nothing is lost between two snapshots. */
import { BalloonBug } from "xen-balloon";
import {
  type DriverStats,
  type GuestObserver,
  type Interpreter,
  type Shortage,
  shortageWords,
  type WorkerState,
  XENMEM_POPULATE_PHYSMAP,
} from "xen-balloon/core";
import type { LaboratoryEvent, Sample } from "./messages.js";

type Calls = Extract<LaboratoryEvent, { kind: "populate" | "decrease" }>;

export class Watch implements GuestObserver {
  #interpreter: Interpreter | null = null;
  #maxPfn = 0;
  #events: LaboratoryEvent[] = [];
  #samples: Sample[] = [];
  #last: Sample | null = null;
  /** The last event, while more calls like it may come. */
  #calls: { -readonly [Key in keyof Calls]: Calls[Key] } | null = null;

  /** Must be called before the interpreter's first operation. */
  attach(interpreter: Interpreter): void {
    this.#interpreter = interpreter;
    this.#maxPfn = interpreter.config.guest.maxPfn;
  }

  afterMemoryOp(
    cmd: number,
    askedExtents: number,
    rc: number,
    _frameList: Uint32Array,
    shortage: Shortage | null,
  ): void {
    const kind = cmd === XENMEM_POPULATE_PHYSMAP ? "populate" : "decrease";
    const why = shortage === null ? null : shortageWords(shortage, rc);
    const last = this.#calls;
    if (last?.kind === kind && last.askedExtents === askedExtents && last.rc === rc && last.why === why) {
      last.calls++;
      return;
    }
    const calls = { nowMs: this.#now, kind, askedExtents, rc, why, calls: 1 } as const;
    this.#note(calls);
    this.#calls = { ...calls };
    this.#events[this.#events.length - 1] = this.#calls;
  }

  ran(state: WorkerState): void {
    const sample = this.#sample();
    if (sample === null) return;
    // the driver counts from 1 again when it gives up
    const tries = this.#last?.stats.retry_count ?? 1;
    this.#keep(sample);
    const { nowMs } = sample;
    const maxPfn = this.#interpreter?.booted?.guest.state().maxPfn ?? 0;
    if (maxPfn !== this.#maxPfn) this.#note({ nowMs, kind: "hotplug", maxPfn });
    this.#maxPfn = maxPfn;
    if (state === "ecanceled") this.#note({ nowMs, kind: "cancelled", tries });
    if (state === "eagain") {
      this.#note({ nowMs, kind: "retry", dueMs: sample.workDueMs ?? nowMs, retryCount: sample.stats.retry_count });
    }
  }

  /** An operation of the script is about to be done. Time that passes is no event: every other one tells its own. */
  began(line: string): void {
    if (!line.startsWith("advance ")) this.#note({ nowMs: this.#now, kind: "operation", line });
  }

  logged(line: string): void {
    this.#note({ nowMs: this.#now, kind: "log", line });
  }

  ended(error: Error): void {
    this.#note({
      nowMs: this.#now,
      kind: "bug",
      condition: error instanceof BalloonBug ? error.condition : error.message,
    });
  }

  /** Takes the events and samples that were noted since the last call. */
  take(): { events: LaboratoryEvent[]; samples: Sample[] } {
    const taken = { events: this.#events, samples: this.#samples };
    this.#events = [];
    this.#samples = [];
    this.#calls = null;
    return taken;
  }

  /** How it stands; null before the boot. The guest must not have ended. */
  now(): Sample | null {
    const sample = this.#sample();
    if (sample !== null && (this.#last === null || differs(sample, this.#last))) this.#keep(sample);
    return sample;
  }

  get #now(): number {
    return this.#interpreter?.nowMs ?? 0;
  }

  #keep(sample: Sample): void {
    this.#samples.push(sample);
    this.#last = sample;
  }

  #note(event: LaboratoryEvent): void {
    this.#events.push(event);
    this.#calls = null;
  }

  #sample(): Sample | null {
    const booted = this.#interpreter?.booted ?? null;
    if (booted === null) return null;
    const { world, guest } = booted;
    return {
      nowMs: world.clock.now,
      // time lines of a page and its workers begin apart
      wallMs: performance.timeOrigin + performance.now(),
      stats: guest.stats(),
      creditPages: guest.state().creditPages,
      hostFreeFrames: world.machine.freeFrames(),
      workDueMs: guest.work.due,
    };
  }
}

/** A guest at rest is looked at many times a second, too. */
function differs(sample: Sample, last: Sample): boolean {
  return (
    sample.nowMs !== last.nowMs ||
    sample.workDueMs !== last.workDueMs ||
    sample.hostFreeFrames !== last.hostFreeFrames ||
    sample.creditPages !== last.creditPages ||
    Object.entries(sample.stats).some(([name, value]) => value !== last.stats[name as keyof DriverStats])
  );
}
