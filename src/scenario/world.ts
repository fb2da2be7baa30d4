/**
 * The world of one script: a machine with one guest, the worker, the clock, and the pages and frames that others hold.
 * It performs the operations; observers watch them from outside.
 */

import { type Budget, DelayedWork, drain, type Pause, UNLIMITED, VirtualClock } from "../clock/scheduler.js";
import { type GuestBackend, type Kernel, MAX_CPUS, type MachineBackend, type WorkerState } from "../host/backend.js";
import type { WorldConfig } from "../host/config.js";
import { BalloonBug, EEXIST, EINVAL, ENODEV } from "../host/errors.js";
import type { Fault, HypercallObserver } from "../host/hypercall.js";
import { shuffle } from "../host/shuffle.js";
import { BalloonedArrays } from "./ballooned-arrays.js";
import { NumberStack } from "./number-stack.js";
import type { Operation } from "./operation.js";
import type { Step } from "./script.js";
import { ScriptError } from "./script-error.js";

/** Makes a machine of either engine. */
export type MachineFactory = (hostPages: number, mfnBase: number) => MachineBackend;

/** Watches the guest's hypercalls, and its worker. */
export interface WorldObserver extends HypercallObserver {
  /** Hears that a piece of the worker's run is done. */
  ran?(state: WorkerState): void;
}

/** The outcome of an operation. */
export interface Outcome {
  /** Its result; 0 if a BUG_ON fired. */
  readonly ret: number;
  /** The BUG_ON that ended the guest, or null. */
  readonly bug: BalloonBug | null;
}

/** A booted guest and its machine. */
export interface Booted {
  readonly machine: MachineBackend;
  readonly guest: GuestBackend;
}

export class World implements Kernel {
  readonly config: WorldConfig;
  readonly clock: VirtualClock = new VirtualClock();
  /** balloon_worker. */
  readonly work: DelayedWork;
  /** The booted guest; null before a successful boot. */
  booted: Booted | null = null;
  /** The kernel log lines of the last operation. */
  logLines: string[] = [];

  readonly #makeMachine: MachineFactory;
  readonly #observers: readonly WorldObserver[];
  readonly #arrays = new BalloonedArrays();
  readonly #guestHeld = new NumberStack();
  readonly #hostHeld = new NumberStack();

  /** @param observers - the observers, which watch the guest from its boot on. */
  constructor(config: WorldConfig, makeMachine: MachineFactory, observers: readonly WorldObserver[] = []) {
    this.config = config;
    this.#makeMachine = makeMachine;
    this.#observers = observers;
    this.work = new DelayedWork((maxBatches) => {
      const state = (this.booted as Booted).guest.runWorker(maxBatches);
      for (const observer of observers) observer.ran?.(state);
      return state;
    });
    this.clock.add(this.work);
  }

  scheduleDelayedWork(delaySeconds: number): void {
    this.clock.schedule(this.work, delaySeconds);
  }

  log(line: string): void {
    this.logLines.push(line);
  }

  /**
   * Performs one operation. The caller must not perform another after a BUG_ON.
   *
   * @throws ScriptError - an error that only the run reveals: too many arrays at once, or tables that do not fit in
   * memory
   */
  perform(step: Step): Outcome {
    return drain(this.performInPieces(step, UNLIMITED));
  }

  /** Performs one operation, and pauses when the budget is used up. */
  *performInPieces(step: Step, budget: Budget): Generator<Pause, Outcome> {
    this.logLines = [];
    try {
      yield* this.#pass(step.operation, budget);
      return { ret: this.#operate(step.operation), bug: null };
    } catch (error) {
      if (error instanceof BalloonBug) return { ret: 0, bug: error };
      if (error instanceof RangeError && ["boot", "balloon_alloc"].includes(step.operation.op)) {
        throw new ScriptError(step.line, `${step.operation.op}: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  /** Performs the operations that make time pass. */
  *#pass(operation: Operation, budget: Budget): Generator<Pause> {
    if (this.booted === null) return;
    if (operation.op === "run") yield* this.clock.run(budget);
    if (operation.op === "advance") yield* this.clock.advance(operation.ms, budget);
    if (operation.op === "settle") yield* this.clock.settle(this.work, operation.ms, budget);
  }

  /** Performs every other operation. */
  #operate(operation: Operation): number {
    if (operation.op === "boot") return this.booted === null ? this.#boot() : EEXIST;
    if (this.booted === null) return ENODEV;
    const { machine, guest } = this.booted;
    const { failPopulate, failDecrease, failVa, partial } = guest.hypercalls;
    switch (operation.op) {
      case "target":
        guest.setTarget(operation.pages);
        return 0;
      case "run":
      case "advance":
      case "settle":
        return 0;
      case "balloon_alloc":
        return this.#arrays.alloc(guest, operation.name, operation.pages, operation.highmem);
      case "balloon_free":
        return this.#arrays.free(guest, operation.name, operation.every);
      case "guest_alloc": {
        const pfns = guest.allocPages(Math.min(operation.pages, this.config.guest.pfnLimit), operation.highmem);
        this.#guestHeld.push(pfns);
        return pfns.length;
      }
      case "guest_free":
        return freeAll(guest, this.#guestHeld.pop(operation.pages));
      case "guest_free_every":
        return freeAll(guest, this.#guestHeld.takeEvery(operation.every));
      case "guest_shuffle":
        shuffle(this.#guestHeld.held, operation.seed);
        return this.#guestHeld.held.length;
      case "guest_fill":
        if (this.config.guest.contents) guest.fillPages(this.#guestHeld.held, operation.byte);
        return this.#guestHeld.held.length;
      case "host_take": {
        const mfns = machine.takeFrames(Math.min(operation.frames, machine.freeFrames()));
        this.#hostHeld.push(mfns);
        return mfns.length;
      }
      case "host_give": {
        const mfns = this.#hostHeld.pop(operation.frames);
        machine.putFrames(mfns);
        return mfns.length;
      }
      case "max_pages":
        guest.setMaxPages(Math.min(operation.pages, this.config.hostPages));
        return 0;
      case "partial":
        return inject(partial, operation.extents, operation.times);
      case "fail populate":
        return inject(failPopulate, operation.rc, operation.times);
      case "fail decrease":
        return inject(failDecrease, operation.rc, operation.times);
      case "fail va":
        return inject(failVa, operation.rc, operation.times);
      case "fail add_memory":
        guest.failAddMemory(operation.rc, operation.times);
        return 0;
      case "set max_retry_count":
        guest.setMaxRetryCount(operation.count);
        return 0;
      case "set max_schedule_delay":
        if (operation.seconds < 1) return EINVAL;
        guest.setMaxScheduleDelay(operation.seconds);
        return 0;
      case "cpu_up":
        return isCpu(operation.cpu) ? guest.cpuUp(operation.cpu) : EINVAL;
      case "on_cpu":
        if (!isCpu(operation.cpu)) return EINVAL;
        guest.onCpu(operation.cpu);
        return 0;
      case "online":
        guest.online(operation.sections);
        return 0;
    }
  }

  /** The pages lent out by alloc_xenballooned_pages. */
  get lentPages(): BalloonedArrays {
    return this.#arrays;
  }

  #boot(): number {
    const { guest: config, hostPages, mfnBase } = this.config;
    const machine = this.#makeMachine(hostPages, mfnBase);
    const guest = machine.createGuest(config, this);
    for (const observer of this.#observers) guest.hypercalls.observe(observer);
    const rc = guest.init();
    if (rc === 0) this.booted = { machine, guest };
    return rc;
  }
}

function freeAll(guest: GuestBackend, pfns: Uint32Array): number {
  guest.freePages(pfns);
  return pfns.length;
}

function inject(fault: Fault, rc: number, times: number): number {
  fault.rc = rc;
  fault.times = times;
  return 0;
}

function isCpu(cpu: number): boolean {
  return cpu >= 0 && cpu < MAX_CPUS;
}
