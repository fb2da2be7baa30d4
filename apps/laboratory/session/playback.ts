/** Lets time pass on a guest at a pace, and plays the lines of a script or the rows of a series on it. */
import { type Budget, drive, type Pause } from "xen-balloon/core";
import { Begun } from "./begun.js";
import { Breakpoint, type Standing } from "./breakpoint.js";
import type { PlaybackState, Program } from "./messages.js";
import type { Performer } from "./performer.js";
import { Playing } from "./playing.js";

/** The longest pause in ms that is made up for. After a longer one the worker was asleep, or busy with one operation. */
const LONGEST_PAUSE_MS = 250;
/** The interval in ms at which time passes: shorter than a frame. */
const TICK_MS = 8;
/** The real time in ms over which the speed is measured. */
const MEASURED_MS = 1000;

/** Performs a section while no other operation is under way. */
export type Exclusive = <T>(section: () => T | Promise<T>) => Promise<T>;

/** A step goes to the end of an operation, or to that of the next batch. */
export type StepBy = "operation" | "batch";

export class Playback {
  readonly #performer: Performer;
  readonly #exclusive: Exclusive;
  /** Virtual ms in a real ms; Infinity: a program as fast as possible, after which time stands still. */
  #pace = 1;
  #playing = false;
  /** The loop that lets time pass has not ended yet. */
  #looping = false;
  #program: Playing | null = null;
  readonly #begun: Begun;
  #breakpoint: Breakpoint | null = null;
  /** The condition that has stopped it. */
  #stoppedAt: string | null = null;
  #ended = false;
  /** Operations that wait for a pause. */
  #waiting = 0;
  #lastMs = 0;
  /** The part below one virtual millisecond of the time allowed. */
  #rest = 0;
  /** Moments of the last second: real and virtual ms. */
  #moments: (readonly [realMs: number, virtualMs: number])[] = [];
  #failure: string | null = null;

  constructor(performer: Performer, exclusive: Exclusive) {
    this.#performer = performer;
    this.#exclusive = exclusive;
    this.#begun = new Begun(performer);
  }

  get state(): PlaybackState {
    return {
      playing: this.#playing,
      trueSpeed: this.#trueSpeed,
      failure: this.#failure,
      program: this.#program?.state ?? null,
      batches: this.#begun.batches,
      stoppedAt: this.#stoppedAt,
    };
  }

  /** The lines that are still to come. */
  get rest(): string[] {
    return [...this.#begun.rest, ...(this.#program?.rest ?? [])];
  }

  /** Sets the pace, and whether time passes at all. */
  set(pace: number, playing: boolean): void {
    this.#pace = pace;
    if (playing === this.#playing) return;
    this.#playing = playing;
    if (playing) this.#stoppedAt = null;
    if (!playing) this.#moments = [];
    else if (!this.#looping) void this.#go();
  }

  /** Time stands still. */
  pause(): void {
    this.set(this.#pace, false);
  }

  /** Plays a program from now on, and drops the rest of the one before; null: none. */
  play(program: Program | null): Promise<void> {
    return this.interrupt(async () => {
      await drive((budget) => this.#finish(budget));
      this.#performer.endPassing();
      this.#program = program && new Playing(program, this.#performer);
      this.#failure = null;
    });
  }

  /** Stops at a condition whenever it comes true; null: at none. @throws RangeError: it is no condition */
  breakAt(condition: string | null): void {
    this.#breakpoint = condition === null ? null : new Breakpoint(condition, this.#standing);
    this.#stoppedAt = null;
  }

  /** Performs a section between two lines of what is played, or within an advance of it; what has begun ends before. */
  perform<T>(section: (budget: Budget) => Generator<Pause, T>): Promise<T> {
    return this.interrupt(async () => {
      await drive((budget) => this.#finish(budget));
      return drive(section);
    });
  }

  /** The same for a section that does not pause, and that may find a run between two batches. */
  async interrupt<T>(section: () => T | Promise<T>): Promise<T> {
    this.#waiting++;
    try {
      return await this.#exclusive(section);
    } finally {
      this.#waiting--;
    }
  }

  /** The next item of the program; else time passes up to what is due next. By batch: to the next that this makes. */
  step(by: StepBy): Promise<void> {
    return this.interrupt(() => drive((budget) => this.#step(by, budget)));
  }

  /** Ends it for good. */
  end(): void {
    this.#ended = true;
  }

  *#step(by: StepBy, budget: Budget): Generator<Pause, void> {
    this.#stoppedAt = null;
    const { batches } = this.#performer;
    const stops = by === "operation" ? this.#breaks : () => this.#breaks() || this.#performer.batches > batches;
    // what has begun is the step
    const item = !this.#begun.any && this.#program?.hasNext ? this.#program.state.done : null;
    do {
      if (!this.#begin(Number.POSITIVE_INFINITY)) return;
      if (yield* this.#goOn(stops, budget)) return;
    } while (by === "operation" && this.#performer.bug === null && this.#program?.state.done === item);
  }

  /** Begins the next line of the program, or what is due next, unless something has begun. @returns false: nothing is. */
  #begin(allowedMs: number): boolean {
    if (this.#begun.any) return true;
    const program = this.#program;
    if (program?.hasNext) {
      this.#begun.start((budget) => program.perform(allowedMs, budget));
      return true;
    }
    const { workDueMs, nowMs } = this.#performer.interpreter;
    if (workDueMs === null) return false;
    this.#begun.start((budget) => this.#due(workDueMs - nowMs, budget), workDueMs <= nowMs ? "run" : null);
    return true;
  }

  *#due(inMs: number, budget: Budget): Generator<Pause, void> {
    if (inMs > 0) yield* this.#performer.pass(inMs, budget);
    else yield* this.#performer.perform("run", budget);
    this.#performer.endPassing();
  }

  *#finish(budget: Budget): Generator<Pause, void> {
    this.#stoppedAt = null;
    if (this.#begun.any) yield* this.#begun.goOn(null, budget);
  }

  /** Goes on with what has begun, up to where it stops; a breakpoint is asked at its end, too. @returns true: it stops. */
  *#goOn(stops: (() => boolean) | null, budget: Budget): Generator<Pause, boolean> {
    return (yield* this.#begun.goOn(stops, budget)) || (stops !== null && this.#breaks());
  }

  get #standing(): Standing | null {
    const figures = this.#performer.watch.seen();
    return figures && { ...figures, outcome: this.#performer.outcome };
  }

  /** The breakpoint's condition has come true: it stops. */
  readonly #breaks = (): boolean => {
    const standing = this.#breakpoint === null ? null : this.#standing;
    if (standing === null || !this.#breakpoint?.comesTrue(standing)) return false;
    this.#stoppedAt = this.#breakpoint.text;
    this.#playing = false;
    return true;
  };

  async #go(): Promise<void> {
    this.#lastMs = performance.now();
    this.#rest = 0;
    this.#looping = true;
    while (this.#playing && !this.#ended) {
      await this.#exclusive(() => drive((budget) => this.#chunk(budget))).catch((error) => this.#fail(error));
      // nothing bounds the time that passes as fast as possible without a program
      const nothingLeft = this.#pace === Number.POSITIVE_INFINITY && !this.#program?.hasNext && !this.#begun.any;
      if (this.#performer.bug !== null || nothingLeft) this.#playing = false;
      // a chunk that took longer has let the page's messages in meanwhile
      if (performance.now() - this.#lastMs < TICK_MS) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    this.#looping = false;
  }

  /** An operation of the program that the run refuses stops it. */
  #fail(error: Error): void {
    const { name, unit, done } = this.#program?.state ?? {};
    this.#failure = `${name === undefined ? "" : `${name}, ${unit} ${(done ?? 0) + 1}: `}${error.message}`;
    this.#playing = false;
    this.#program = null;
  }

  /** Plays what the real time since the last chunk allows, or less where an operation waits. */
  *#chunk(budget: Budget): Generator<Pause, void> {
    const { interpreter } = this.#performer;
    const nowMs = performance.now();
    const passedMs = Math.min(nowMs - this.#lastMs, LONGEST_PAUSE_MS);
    this.#lastMs = nowMs;
    let allowedMs = Number.POSITIVE_INFINITY;
    if (Number.isFinite(this.#pace)) {
      const exact = passedMs * this.#pace + this.#rest;
      allowedMs = Math.floor(exact);
      this.#rest = exact - allowedMs;
    }
    const untilMs = interpreter.nowMs + allowedMs;
    const stops = this.#breakpoint === null ? null : this.#breaks;
    while ((this.#begun.any || this.#program?.hasNext) && this.#mayGoOn) {
      const leftMs = untilMs - interpreter.nowMs;
      if (!this.#begun.any && leftMs <= 0 && this.#program?.takesTime) break;
      this.#begin(leftMs);
      yield* this.#goOn(stops, budget);
      yield "between works";
    }
    const liveMs = untilMs - interpreter.nowMs;
    if (this.#mayGoOn && !this.#program?.hasNext && Number.isFinite(liveMs) && liveMs > 0) {
      this.#begun.start((pieces) => this.#performer.pass(liveMs, pieces));
      yield* this.#goOn(stops, budget);
    }
    this.#moment();
  }

  get #mayGoOn(): boolean {
    return this.#playing && this.#waiting === 0 && !this.#ended && this.#performer.bug === null;
  }

  #moment(): void {
    const realMs = performance.now();
    this.#moments.push([realMs, this.#performer.interpreter.nowMs]);
    while (this.#moments.length > 2 && realMs - this.#moments[1][0] > MEASURED_MS) this.#moments.shift();
  }

  get #trueSpeed(): number | null {
    const [first] = this.#moments;
    const last = this.#moments.at(-1);
    if (first === undefined || last === undefined || last[0] - first[0] < MEASURED_MS / 4) return null;
    return (last[1] - first[1]) / (last[0] - first[0]);
  }
}
