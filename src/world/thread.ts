/**
 * The modern driver's thread (balloon_thread), and the callers that wait for ballooned pages (balloon_wq): who waits for
 * what, who is woken, and who runs when. The pages are the engine's.
 */
import type { Clock } from "../clock/scheduler.js";
import { type Budget, type Pause, Work } from "../clock/work.js";
import type { BpState, ModernDriver, RunState } from "../host/backend.js";
import { type Saved, saveFields, together } from "../host/saved.js";
import type { Borrower } from "./borrower.js";

/** How long the thread waits for a change of the credit, in ms. */
const LOOK_AGAIN_MS = 3_600_000;
const ONLINE_MS = 1000;

/** The part of a guest that the thread needs. */
export interface ThreadGuest {
  readonly driver: ModernDriver;
  /** Runs the driver's thread, as ModernDriver does; null if that has ended the guest. */
  runThread(state: BpState, maxBatches: number): RunState | null;
  /** Hears that a piece of the thread's run is done. */
  ran(state: RunState): void;
  /** Lets a caller go on; nothing if that has ended the guest. */
  runBorrower(borrower: Borrower): void;
  /** balloon_stats.schedule_delay, in seconds. */
  scheduleDelay(): number;
}

/** The thread of one guest, with its callers. */
export class BalloonThread extends Work {
  /** The outcome of its last turn. Only the thread changes it. */
  state: BpState = "done";
  /** True if it was woken since it was last run, or since its wait began. */
  woken = false;
  readonly #clock: Clock;
  readonly #guest: ThreadGuest;
  /** The callers that wait, in the order in which they started. */
  #borrowers: Borrower[] = [];
  /** The credit at the begin of the wait, in pages. */
  #remembered = 0;
  #dueMs = 0;
  /** When the first of those who are woken was. */
  #wokenMs = 0;
  #stopped = false;

  constructor(clock: Clock, guest: ThreadGuest) {
    super();
    this.#clock = clock;
    this.#guest = guest;
  }

  /** Starts the thread, which begins its first wait (kthread_run). */
  begin(): void {
    this.#wait();
  }

  get due(): number | null {
    return this.#stopped ? null : this.#dueMs;
  }

  override get runsAt(): number | null {
    return this.#ready ? Math.min(this.#wokenMs, this.#dueMs) : this.due;
  }

  /** Between its looks, an hour apart, a thread that is done or has given up is not busy. */
  override isBusy(until: number): boolean {
    return this.#ready || (!this.#stopped && ["wait", "eagain"].includes(this.state) && this.#dueMs <= until);
  }

  /** Somebody is woken: it runs as soon as time passes, be it for 0 ms. */
  get #ready(): boolean {
    return !this.#stopped && (this.woken || this.#borrowers.some(({ woken }) => woken));
  }

  /** The callers that wait, in the order in which they started. */
  get waiting(): readonly Borrower[] {
    return this.#borrowers;
  }

  /** A caller waits from now on. */
  add(borrower: Borrower): void {
    this.#borrowers.push(borrower);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** The guest has ended, and with it the calls that wait. */
  abandon(error: Error): void {
    for (const borrower of this.#borrowers.splice(0)) borrower.abandon(error);
  }

  /**
   * Saves the thread, and the callers that wait. To put it back ends the calls that began since: they have not been made.
   */
  save(): Saved {
    const borrowers = [...this.#borrowers];
    const fields = together([saveFields(this), ...borrowers.map((borrower) => borrower.save())]);
    const [remembered, dueMs, wokenMs, stopped] = [this.#remembered, this.#dueMs, this.#wokenMs, this.#stopped];
    const restore = (): void => {
      const undone = this.#borrowers.filter((each) => !borrowers.includes(each));
      for (const borrower of undone) borrower.abandon(new Error("the guest has gone back to a time before this call"));
      fields.restore();
      this.#borrowers = [...borrowers];
      this.#remembered = remembered;
      this.#dueMs = dueMs;
      this.#wokenMs = wokenMs;
      this.#stopped = stopped;
    };
    return { bytes: fields.bytes, restore };
  }

  /** wake_up(&balloon_thread_wq). A wake-up while the thread runs is lost: the thread looks by itself. */
  wake(): void {
    this.#mark();
    this.woken = true;
    this.#clock.arm(this);
  }

  /** wake_up(&balloon_wq): there are pages on the list. */
  wakeBorrowers(): void {
    if (this.#borrowers.length === 0) return;
    this.#mark();
    for (const borrower of this.#borrowers) borrower.woken = true;
    this.#clock.arm(this);
  }

  /** Wakes one caller for a signal. */
  wakeFor(borrower: Borrower): void {
    this.#mark();
    borrower.woken = true;
    this.#clock.arm(this);
  }

  #mark(): void {
    if (!this.#ready) this.#wokenMs = this.#clock.now;
  }

  /** Lets one caller go on as far as it can. */
  runBorrower(borrower: Borrower): void {
    this.#guest.runBorrower(borrower);
    if (borrower.ended) this.#borrowers = this.#borrowers.filter((each) => each !== borrower);
  }

  /** Runs whoever is ready, callers before the thread, in passes until one in which nothing ran. */
  protected *run(budget: Budget): Generator<Pause> {
    for (let ran = true; ran && !this.#stopped; ) {
      ran = false;
      for (const borrower of this.#borrowers) {
        if (!borrower.woken || this.#stopped) continue;
        this.runBorrower(borrower);
        ran = true;
      }
      if (this.#stopped || !(this.woken || this.#clock.now >= this.#dueMs)) continue;
      yield* this.#turns(budget);
      ran = true;
    }
  }

  /** Looks whether the wait is over, and if so goes on until the next that is not (balloon_thread). */
  *#turns(budget: Budget): Generator<Pause> {
    while (this.#waitIsOver) {
      const came = this.#guest.runThread(this.state, budget());
      if (came === null) return;
      this.state = came === "yielded" ? "done" : came;
      this.#wait();
      this.#guest.ran(came);
      if (came !== "yielded") continue;
      // whoever gives the run up here leaves a thread that is to go on
      this.wake();
      yield "between batches";
    }
    this.woken = false;
  }

  /** Begins a wait (balloon_thread). */
  #wait(): void {
    this.#remembered = this.#guest.driver.credit();
    this.#dueMs = this.#clock.now + this.#waitMs;
  }

  get #waitMs(): number {
    if (this.state === "wait") return ONLINE_MS;
    return this.state === "eagain" ? this.#guest.scheduleDelay() * 1000 : LOOK_AGAIN_MS;
  }

  /** balloon_thread_cond, or the time is over. */
  get #waitIsOver(): boolean {
    if (this.#clock.now >= this.#dueMs) return true;
    return this.#guest.driver.credit() !== (this.state === "done" ? 0 : this.#remembered);
  }
}
