/** One guest of a world: the driver, its worker, the pages that others hold, and who watches. */

import { type Clock, DelayedWork } from "../clock/scheduler.js";
import type {
  DriverStats,
  GuestBackend,
  GuestConfig,
  GuestState,
  MachineBackend,
  WorkerState,
} from "../host/backend.js";
import { BalloonError } from "../host/errors.js";
import type { FaultName } from "../host/faults.js";
import type { Hypercalls } from "../host/hypercall.js";
import { refusalReason } from "../host/refusals.js";
import { type Saved, together } from "../host/saved.js";
import type { Pages } from "../host/units.js";
import { type Census, type CensusRange, takeCensus } from "./census.js";
import type { GuestObserver } from "./observer.js";
import { PfnSet } from "./pfn-set.js";

/**
 * A guest. Its calls are synchronous, and the caller has checked the numbers. A BUG_ON, or an error of the engine, ends
 * the guest and nobody else; every later call throws the same error.
 */
export class WorldGuest {
  readonly config: GuestConfig;
  /** The engine's guest. Reading it is safe while the guest lives; a call that may fail goes through `enter`. */
  readonly backend: GuestBackend;
  /** balloon_worker. A paused run of it holds the balloon mutex. */
  readonly work: DelayedWork;
  readonly #clock: Clock;
  readonly #observers: readonly GuestObserver[];
  readonly #onClose: () => void;
  /** Pages that allocBallooned gave and that have not come back. */
  readonly #lent: PfnSet;
  /** Pages that allocPages gave and that have not come back. */
  readonly #taken: PfnSet;
  #ended: Error | null = null;
  #closed = false;

  /** @internal use World's `boot` */
  constructor(
    machine: MachineBackend,
    clock: Clock,
    config: GuestConfig,
    observers: readonly GuestObserver[],
    onClose: () => void,
  ) {
    this.config = config;
    this.#clock = clock;
    this.#observers = observers;
    this.#onClose = onClose;
    this.#lent = new PfnSet("lent out", config.pfnLimit);
    this.#taken = new PfnSet("taken by takePages", config.pfnLimit);
    this.work = new DelayedWork((maxBatches) => this.#run(maxBatches));
    this.backend = machine.createGuest(config, {
      scheduleDelayedWork: (delaySeconds) => clock.schedule(this.work, delaySeconds),
      log(line) {
        for (const observer of observers) observer.logged?.(line);
      },
    });
    for (const observer of observers) this.hypercalls.observe(observer);
    const rc = this.backend.init();
    if (rc !== 0) {
      this.backend.destroy();
      throw new BalloonError(rc, refusalReason("boot", rc));
    }
    clock.add(this.work);
  }

  /**
   * Runs a piece of balloon_process. An error must not reach the caller that drives the clock, because other guests
   * share that clock.
   */
  #run(maxBatches: number): WorkerState {
    if (this.#ended !== null) return "done";
    let state: WorkerState;
    try {
      state = this.backend.runWorker(maxBatches);
    } catch (error) {
      this.#end(error);
      return "done";
    }
    for (const observer of this.#observers) observer.ran?.(state);
    return state;
  }

  #end(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#ended = error;
    this.#stop();
    for (const observer of this.#observers) observer.ended?.(error);
  }

  #stop(): void {
    this.work.due = null;
    this.#clock.remove(this.work);
  }

  /** The error that ended the guest: a BalloonBug, or the engine's own; null while it lives. */
  get ended(): Error | null {
    return this.#ended;
  }

  /** @throws the error that ended the guest. Error - the guest is closed */
  requireAlive(): void {
    if (this.#closed) throw new Error("the guest is closed");
    if (this.#ended !== null) throw this.#ended;
  }

  /** Enters the driver. Every call that may fail goes through this method. */
  enter<T>(call: (backend: GuestBackend) => T): T {
    this.requireAlive();
    try {
      return call(this.backend);
    } catch (error) {
      // a trap or a failed assertion is a defect of the engine: its state is half changed, so the guest ends
      if (!(error instanceof RangeError || error instanceof TypeError)) this.#end(error);
      throw error;
    }
  }

  /** The guest's hypercalls: counters, faults to inject, and observers. */
  get hypercalls(): Hypercalls {
    return this.backend.hypercalls;
  }

  stats(): DriverStats {
    return this.enter((backend) => backend.stats());
  }

  state(): GuestState {
    return this.enter((backend) => backend.state());
  }

  /** balloon_set_new_target, which makes the worker due. */
  setTarget(pages: Pages): void {
    this.enter((backend) => backend.setTarget(pages));
  }

  /** alloc_xenballooned_pages. It returns the PFNs, or null for -ENOMEM. No run of the worker may be paused. */
  allocBallooned(pages: Pages, highmem: boolean): Uint32Array | null {
    const pfns = this.enter((backend) => backend.allocBallooned(pages, highmem));
    if (pfns !== null) this.#lent.add(pfns);
    return pfns;
  }

  /**
   * free_xenballooned_pages. No run of the worker may be paused.
   *
   * @throws RangeError - a page that is not lent out; nothing has changed then
   */
  freeBallooned(pfns: Uint32Array): void {
    this.enter((backend) => {
      this.#lent.remove("pfns", pfns);
      backend.freeBallooned(pfns);
    });
  }

  /** Takes up to `pages` pages for another user in the guest, in the order in which the allocator gives them. */
  allocPages(pages: Pages, highmem: boolean): Uint32Array {
    const pfns = this.enter((backend) => backend.allocPages(pages, highmem));
    this.#taken.add(pfns);
    return pfns;
  }

  /** @throws RangeError - a page that was not taken; nothing has changed then */
  freePages(pfns: Uint32Array): void {
    this.enter((backend) => {
      this.#taken.remove("pfns", pfns);
      backend.freePages(pfns);
    });
  }

  /**
   * Fills each page with `byte`, in a guest with contents.
   *
   * @throws RangeError - a page that was not taken; nothing has changed then
   */
  fillPages(pfns: Uint32Array, byte: number): void {
    this.enter((backend) => {
      this.#taken.check("pfns", pfns);
      backend.fillPages(pfns, byte);
    });
  }

  /** Injects a fault into the next `times` calls of its kind. It replaces the one before. */
  inject(fault: FaultName, amount: number, times: number): void {
    this.enter((backend) => backend.inject(fault, amount, times));
  }

  /** Counts the pages' states by cells of a range, which must lie within the guest. */
  census(range: CensusRange): Census {
    return this.enter((backend) => takeCensus(backend, this.config, this.#lent, range));
  }

  /** Saves the guest; World's `save` saves the rest of its machine and the time at which its worker is due. */
  save(): Saved {
    const parts = together([this.backend.save(), this.#lent.save(), this.#taken.save()]);
    const ended = this.#ended;
    const restore = (): void => {
      parts.restore();
      this.#ended = ended;
      this.#closed = false;
    };
    return { bytes: parts.bytes, restore };
  }

  /** Closes the guest whose machine goes back to a time before its boot: its frames and its work are gone by that. */
  forget(): void {
    this.#closed = true;
  }

  /** Destroys the domain and gives its frames back. No run of the worker may be paused. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    this.backend.destroy();
    this.#onClose();
  }
}
