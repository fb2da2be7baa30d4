/**
 * Performs the operations of a script on a world of its own with one guest, and keeps the script's lists of pages.
 * Observers watch the guest from outside.
 */

import { type Budget, drain, type Pause, UNLIMITED, type VirtualClock } from "../clock/scheduler.js";
import type { Work } from "../clock/work.js";
import { MAX_CPUS, type MachineFactory } from "../host/backend.js";
import type { WorldConfig } from "../host/config.js";
import { BalloonBug, BalloonError, EEXIST, EINVAL, ENODEV } from "../host/errors.js";
import { FAULTS, type FaultName } from "../host/faults.js";
import { type Saved, together } from "../host/saved.js";
import { shuffle } from "../host/shuffle.js";
import type { TunableField } from "../host/stats-types.js";
import type { WorldGuest } from "../world/guest.js";
import { NumberStack } from "../world/number-stack.js";
import type { GuestObserver } from "../world/observer.js";
import { VirtualWorld } from "../world/world.js";
import { BalloonedArrays } from "./ballooned-arrays.js";
import type { Operation } from "./operation.js";
import type { Step } from "./script.js";
import { ScriptError } from "./script-error.js";

/** The outcome of an operation. */
export interface Outcome {
  /** Its result; 0 if a BUG_ON fired. */
  readonly ret: number;
  /** The BUG_ON that ended the guest, or null. */
  readonly bug: BalloonBug | null;
}

/** A booted guest and its world. */
export interface Booted {
  readonly world: VirtualWorld;
  readonly guest: WorldGuest;
}

export class Interpreter {
  readonly config: WorldConfig;
  /** The booted guest; null before a successful boot. */
  booted: Booted | null = null;
  /** The kernel log lines of the last operation. */
  logLines: string[] = [];

  readonly #makeMachine: MachineFactory;
  readonly #observers: readonly GuestObserver[];
  /** Pages lent out, by the name of their array, and who waits for some. */
  readonly arrays: BalloonedArrays = new BalloonedArrays();
  /** The late initcall of this operation had run before. */
  #lateAgain = false;
  /** Pages that another user in the guest holds, in the order in which they were taken. */
  readonly #guestHeld = new NumberStack();

  /** @param observers - the observers, which watch the guest from its boot on. */
  constructor(config: WorldConfig, makeMachine: MachineFactory, observers: readonly GuestObserver[] = []) {
    this.config = config;
    this.#makeMachine = makeMachine;
    this.#observers = [{ logged: (line) => this.logLines.push(line) }, ...observers];
  }

  /** Virtual time in ms; 0 before the boot. */
  get nowMs(): number {
    return this.booted?.world.clock.now ?? 0;
  }

  /** The time in ms at which the worker is due; null while it is not pending. */
  get workDueMs(): number | null {
    return this.booted?.guest.work.due ?? null;
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
    this.arrays.done = [];
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

  /**
   * Saves the world and the script's lists between two operations; before the boot, that there is none. To put it back
   * goes to the moment after the operation before. It must not be called while an operation is paused.
   */
  save(): Saved {
    const { booted, logLines } = this;
    const parts = together([
      this.arrays.save(),
      this.#guestHeld.save(),
      ...(booted === null ? [] : [booted.world.save()]),
    ]);
    const restore = (): void => {
      parts.restore();
      this.booted = booted;
      this.logLines = [...logLines];
    };
    return { bytes: parts.bytes, restore };
  }

  /** Performs the operations that make time pass. Time stops where a BUG_ON ends the guest. */
  *#pass(operation: Operation, budget: Budget): Generator<Pause> {
    if (this.booted === null) return;
    const { world, guest } = this.booted;
    const late = operation.op === "late" ? guest.lateInit() : null;
    this.#lateAgain = late === null;
    const passes = late === null ? passing(operation, world.clock, guest.work, budget) : world.clock.pass(late, budget);
    for (const pause of passes) {
      guest.requireAlive();
      yield pause;
    }
  }

  /** Performs every other operation. */
  #operate(operation: Operation): number {
    if (operation.op === "boot") return this.booted === null ? this.#boot() : EEXIST;
    if (this.booted === null) return ENODEV;
    const { world, guest } = this.booted;
    if ("times" in operation) {
      guest.inject(FAULT_OF.get(operation.op) as FaultName, operation.amount, operation.times);
      return 0;
    }
    if ("value" in operation) return guest.tune(operation.op.slice("set ".length) as TunableField, operation.value);
    switch (operation.op) {
      case "target":
        guest.setTarget(operation.pages);
        return 0;
      case "run":
      case "advance":
      case "settle":
        return 0;
      case "balloon_alloc":
        return this.arrays.alloc(guest, operation.name, operation.pages, operation.highmem);
      case "balloon_free":
        return this.arrays.free(guest, operation.name, operation.every);
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
      case "host_take":
        return world.takeFrames(operation.frames);
      case "host_give":
        return world.giveFrames(operation.frames);
      case "max_pages":
        guest.enter((backend) => backend.setMaxPages(Math.min(operation.pages, this.config.hostPages)));
        return 0;
      case "cpu_up":
        return isCpu(operation.cpu) ? guest.cpuUp(operation.cpu) : EINVAL;
      case "on_cpu":
        if (!isCpu(operation.cpu)) return EINVAL;
        guest.onCpu(operation.cpu);
        return 0;
      case "online":
        guest.enter((backend) => backend.online(operation.sections));
        return 0;
      case "late":
        return this.#lateAgain ? EEXIST : 0;
      case "signal":
        return this.arrays.signal(guest, operation.name);
    }
  }

  #boot(): number {
    const { config } = this;
    const world = new VirtualWorld(this.#makeMachine, config);
    try {
      const guest = world.boot(config.guest, this.#observers);
      this.booted = { world, guest };
      return 0;
    } catch (error) {
      if (error instanceof BalloonError) return error.errno;
      throw error;
    }
  }
}

/** The passing of time in an operation; most operations take none. */
function passing(operation: Operation, clock: VirtualClock, work: Work, budget: Budget): Iterable<Pause> {
  switch (operation.op) {
    case "run":
      return clock.run(budget);
    case "advance":
      return clock.advance(operation.ms, budget);
    case "settle":
      return clock.settle(work, operation.ms, budget);
    default:
      return [];
  }
}

function freeAll(guest: WorldGuest, pfns: Uint32Array): number {
  guest.freePages(pfns);
  return pfns.length;
}

/** The kinds of faults by their operations. */
const FAULT_OF: ReadonlyMap<string, FaultName> = new Map(
  Object.entries(FAULTS).map(([name, { operation }]) => [operation, name as FaultName]),
);

function isCpu(cpu: number): boolean {
  return cpu >= 0 && cpu < MAX_CPUS;
}
