/** One guest of a world: the driver, its work, the pages that others hold, and who watches. */

import { type Clock, DelayedWork } from "../clock/scheduler.js";
import type { Work } from "../clock/work.js";
import type {
  BpState,
  Driver2013,
  DriverStats,
  GuestBackend,
  GuestConfig,
  GuestState,
  MachineBackend,
  RunState,
  WorkerState,
} from "../host/backend.js";
import { BalloonBug, BalloonError, EINVAL, ENOENT, ENOMEM } from "../host/errors.js";
import type { FaultName } from "../host/faults.js";
import type { Hypercalls } from "../host/hypercall.js";
import { refusalReason } from "../host/refusals.js";
import { type Saved, together } from "../host/saved.js";
import type { TunableField } from "../host/stats-types.js";
import { TUNABLES, type Tunable } from "../host/tunables.js";
import type { Pages } from "../host/units.js";
import { Borrower, type OnLoanEnd } from "./borrower.js";
import { type Census, type CensusRange, takeCensus } from "./census.js";
import { lateInit } from "./late-init.js";
import type { GuestObserver } from "./observer.js";
import { PfnSet } from "./pfn-set.js";
import { BalloonThread } from "./thread.js";

/**
 * A guest. Its calls are synchronous, and the caller has checked the numbers. A BUG_ON, or an error of the engine, ends
 * the guest and nobody else; every later call throws the same error.
 */
export class WorldGuest {
  readonly config: GuestConfig;
  /** The engine's guest. Reading it is safe while the guest lives; a call that may fail goes through `enter`. */
  readonly backend: GuestBackend;
  /** The work of its driver: balloon_worker, or the modern driver's thread. A paused run of it holds the balloon mutex. */
  readonly work: Work;
  /** The modern driver's thread; null with the driver of 2013. */
  readonly thread: BalloonThread | null;
  readonly #clock: Clock;
  readonly #observers: readonly GuestObserver[];
  readonly #onClose: () => void;
  /** Pages that allocBallooned gave and that have not come back. */
  readonly #lent: PfnSet;
  /** Pages that allocPages gave and that have not come back. */
  readonly #taken: PfnSet;
  /** The late initcall has begun. */
  #late = false;
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
    let worker: DelayedWork | null = null;
    let thread: BalloonThread | null = null;
    this.backend = machine.createGuest(config, {
      scheduleDelayedWork: (delaySeconds) => worker?.schedule(delaySeconds),
      wakeThread: () => thread?.wake(),
      wakeCallers: () => thread?.wakeBorrowers(),
      log: (line) => this.log(line),
    });
    for (const observer of observers) this.hypercalls.observe(observer);
    const rc = this.#init();
    if (rc !== 0) {
      this.backend.destroy();
      throw new BalloonError(rc, refusalReason("boot", rc));
    }
    const { driver } = this.backend;
    if (driver.generation === "2013") {
      worker = new DelayedWork(clock, (maxBatches) => this.#runWorker(driver, maxBatches));
    } else {
      thread = new BalloonThread(clock, {
        driver,
        runThread: (state, maxBatches) => this.#guard(() => driver.runThread(state, maxBatches)),
        ran: (state) => this.#tellRun(state),
        runBorrower: (borrower) => void this.#guard(() => borrower.goOn()),
        scheduleDelay: () => this.backend.stats().schedule_delay,
      });
      thread.begin();
    }
    this.thread = thread;
    this.work = worker ?? (thread as BalloonThread);
    clock.add(this.work);
  }

  /** Initialises the driver; a modern one starts its thread at the end. */
  #init(): number {
    const { threadErrno = 0 } = this.config;
    const rc = this.backend.init();
    return rc === 0 && threadErrno !== 0 ? -threadErrno : rc;
  }

  /** Runs a piece of balloon_process. */
  #runWorker(driver: Driver2013, maxBatches: number): WorkerState {
    const state = this.#guard(() => driver.runWorker(maxBatches));
    if (state === null) return "done";
    this.#tellRun(state);
    return state;
  }

  #tellRun(state: RunState): void {
    for (const observer of this.#observers) observer.ran?.(state);
  }

  /**
   * Calls the engine from the clock. An error must not reach the caller that drives the clock, because other guests share
   * that clock: it ends the guest. Null if the guest has ended.
   */
  #guard<T>(call: () => T): T | null {
    if (this.#ended !== null) return null;
    try {
      return call();
    } catch (error) {
      this.#end(error);
      return null;
    }
  }

  #end(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#ended = error;
    this.#stop(error);
    for (const observer of this.#observers) observer.ended?.(error);
  }

  #stop(error: Error): void {
    this.work.stop();
    this.#clock.remove(this.work);
    this.thread?.abandon(error);
  }

  /** Writes a line to the kernel log. */
  log(line: string): void {
    for (const observer of this.#observers) observer.logged?.(line);
  }

  /**
   * Ends the guest as a BUG_ON does.
   *
   * @throws BalloonBug
   */
  panic(condition: string): never {
    const bug = new BalloonBug(condition);
    this.#end(bug);
    throw bug;
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

  /** balloon_set_new_target, which makes the worker due, or wakes the thread. */
  setTarget(pages: Pages): void {
    this.enter((backend) => backend.setTarget(pages));
  }

  /** current_credit: pages still to move, positive out of the balloon. */
  get creditPages(): number {
    return this.enter((backend) =>
      backend.driver.generation === "modern" ? backend.driver.credit() : backend.state().creditPages,
    );
  }

  /** The outcome of the last turn of the modern driver's thread; null with the driver of 2013. */
  get threadState(): BpState | null {
    return this.thread?.state ?? null;
  }

  /**
   * The modern driver's late initcall (late-init.ts), once: null the second time. Whoever drives it lets the ms of each
   * pause pass.
   */
  lateInit(): Generator<number> | null {
    this.requireAlive();
    if (this.#late) return null;
    this.#late = true;
    return lateInit(this, () => this.#clock.now);
  }

  /**
   * Why a setting of the driver cannot have this value.
   *
   * @returns 0 if it can; -EINVAL, or -ENOENT where the guest's kernel does not have the setting.
   */
  refusalOf(field: TunableField, value: number): number {
    const { hotplug, highmemStart, pfnLimit } = this.config;
    const { from } = TUNABLES.find((each) => each.field === field) as Tunable;
    if (field === "hotplug_unpopulated") {
      if (!hotplug) return ENOENT;
      // with a high page at the head of the list, the driver would add memory again and again without a wait
      if (value > 1 || highmemStart < pfnLimit) return EINVAL;
    }
    return value < from ? EINVAL : 0;
  }

  /** Changes a setting of the driver, or answers why not: see refusalOf. */
  tune(field: TunableField, value: number): number {
    const rc = this.refusalOf(field, value);
    if (rc === 0) this.enter((backend) => backend.tune(field, value));
    return rc;
  }

  /**
   * Asks for ballooned pages (alloc_xenballooned_pages, xen_alloc_ballooned_pages). No run of the work may be paused.
   *
   * @param highmem - accepts high pages; the modern driver gives none.
   * @param onEnd - hears how it ended: at once, or, where the modern driver has its caller wait, later.
   * @returns the caller, if it waits.
   */
  allocBallooned(pages: Pages, highmem: boolean, onEnd: OnLoanEnd): Borrower | null {
    const ended: OnLoanEnd = (result) => {
      if (result instanceof Uint32Array) this.#lent.add(result);
      onEnd(result);
    };
    return this.enter(({ driver }) => {
      if (driver.generation === "2013") {
        ended(driver.allocBallooned(pages, highmem) ?? ENOMEM);
        return null;
      }
      // a call for more pages than the guest can have fails, and needs no room for them
      const pfns = new Uint32Array(Math.min(pages, this.config.pfnLimit));
      const borrower = new Borrower(driver, { pages, pfns, got: 0 }, ended);
      borrower.begin();
      if (borrower.ended) return null;
      this.thread?.add(borrower);
      return borrower;
    });
  }

  /** Sends a signal to a caller that waits, which wakes it. */
  signal(borrower: Borrower): void {
    this.requireAlive();
    borrower.signal();
    this.thread?.wakeFor(borrower);
  }

  /** Sends a signal to a caller that waits, and lets it run at once. No run of the work may be paused. */
  interrupt(borrower: Borrower): void {
    this.signal(borrower);
    this.thread?.runBorrower(borrower);
  }

  /**
   * Gives lent pages back (free_xenballooned_pages, xen_free_ballooned_pages). No run of the work may be paused.
   *
   * @param places - the length of the array that they stand in, which the modern driver takes for their number.
   * @throws RangeError - a page that is not lent out; nothing has changed then
   */
  freeBallooned(pfns: Uint32Array, places: Pages = pfns.length): void {
    this.enter(({ driver }) => {
      this.#lent.remove("pfns", pfns);
      if (driver.generation === "2013") driver.freeBallooned(pfns);
      else driver.freeBallooned(pfns, places);
    });
  }

  /** CPU_UP_PREPARE: 0 or -ENOMEM. The modern driver has nothing to do then. */
  cpuUp(cpu: number): number {
    return this.enter(({ driver }) => (driver.generation === "2013" ? driver.cpuUp(cpu) : 0));
  }

  /** Moves the driver to this CPU, which is all the same to the modern one. */
  onCpu(cpu: number): void {
    this.enter(({ driver }) => {
      if (driver.generation === "2013") driver.onCpu(cpu);
    });
  }

  /** Takes up to `pages` pages for another user in the guest, in the order in which the allocator gives them. */
  allocPages(pages: Pages, highmem: boolean): Uint32Array {
    const { freeNormalPages, freeHighPages } = this.state();
    const room = new Uint32Array(Math.min(pages, freeNormalPages + (highmem ? freeHighPages : 0)));
    const taken = this.enter((backend) => backend.takePages(room, highmem));
    const pfns = room.subarray(0, taken);
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

  /** Saves the guest, with its work and the callers that wait; World's `save` saves the rest of its machine. */
  save(): Saved {
    const parts = together([this.backend.save(), this.work.save(), this.#lent.save(), this.#taken.save()]);
    const ended = this.#ended;
    const late = this.#late;
    const restore = (): void => {
      parts.restore();
      this.#ended = ended;
      this.#late = late;
      this.#closed = false;
    };
    return { bytes: parts.bytes, restore };
  }

  /** Closes the guest whose machine goes back to a time before its boot: its frames and its work are gone by that. */
  forget(): void {
    this.#closed = true;
    this.thread?.abandon(new Error("the guest is closed"));
  }

  /** Destroys the domain and gives its frames back. No run of the worker may be paused. A second call does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop(new Error("the guest is closed"));
    this.backend.destroy();
    this.#onClose();
  }
}
