/** Lets time pass on a guest at a pace, and plays the lines of a script or the rows of a series on it. */
import { type Budget, drive, type Pause } from "xen-balloon/core";
import type { PlaybackState, Program } from "./messages.js";
import type { Performer } from "./performer.js";

/** The longest pause in ms that is made up for. After a longer one the worker was asleep, or busy with one operation. */
const LONGEST_PAUSE_MS = 250;
/** The interval in ms at which time passes: shorter than a frame. */
const TICK_MS = 8;
/** The real time in ms over which the speed is measured. */
const MEASURED_MS = 1000;

/** A program under way. */
interface Playing {
  readonly program: Program;
  /** Items done, and lines done of the next one. */
  done: number;
  line: number;
  /** The rest of an advance under way; null where its line has not begun. */
  leftMs: number | null;
}

/** Performs a section while no other operation is under way. */
export type Exclusive = <T>(section: () => T | Promise<T>) => Promise<T>;

export class Playback {
  readonly #performer: Performer;
  readonly #exclusive: Exclusive;
  /** Virtual ms in a real ms; Infinity: a program as fast as possible, after which time stands still. */
  #pace = 1;
  #playing = false;
  #program: Playing | null = null;
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
  }

  get state(): PlaybackState {
    const program = this.#program;
    return {
      playing: this.#playing,
      trueSpeed: this.#trueSpeed,
      failure: this.#failure,
      program: program && {
        name: program.program.name,
        unit: program.program.unit,
        done: program.done,
        of: program.program.items.length,
      },
    };
  }

  /** The lines of the program that are still to come. */
  get rest(): string[] {
    const program = this.#program;
    if (program === null) return [];
    const lines = program.program.items.slice(program.done).flat().slice(program.line);
    return program.leftMs === null ? lines : [`advance ${program.leftMs}`, ...lines.slice(1)];
  }

  /** Sets the pace, and whether time passes at all. */
  set(pace: number, playing: boolean): void {
    this.#pace = pace;
    if (playing === this.#playing) return;
    this.#playing = playing;
    if (playing) void this.#go();
    else this.#moments = [];
  }

  /** Time stands still. */
  pause(): void {
    this.set(this.#pace, false);
  }

  /** Plays a program from now on, and drops the one before. */
  play(program: Program | null): void {
    this.#program = program && { program, done: 0, line: 0, leftMs: null };
    this.#failure = null;
  }

  /** Performs a section between two lines of what is played, or within an advance of it. */
  perform<T>(section: (budget: Budget) => Generator<Pause, T>): Promise<T> {
    return this.interrupt(() => drive(section));
  }

  /** The same for a section that does not pause. */
  async interrupt<T>(section: () => T | Promise<T>): Promise<T> {
    this.#waiting++;
    try {
      return await this.#exclusive(section);
    } finally {
      this.#waiting--;
    }
  }

  /** The next item of the program; else time passes up to what is due next. */
  step(): Promise<void> {
    return this.perform((budget) => this.#step(budget));
  }

  /** Ends it for good. */
  end(): void {
    this.#ended = true;
  }

  *#step(budget: Budget): Generator<Pause, void> {
    const { interpreter } = this.#performer;
    if (this.#hasNext) {
      const { done } = this.#program as Playing;
      while (this.#program?.done === done) yield* this.#line(Number.POSITIVE_INFINITY, budget);
      return;
    }
    const { workDueMs, nowMs } = interpreter;
    if (workDueMs === null) return;
    if (workDueMs > nowMs) yield* this.#performer.pass(workDueMs - nowMs, budget);
    else yield* this.#performer.perform("run", budget);
    this.#performer.endPassing();
  }

  get #hasNext(): boolean {
    return this.#program !== null && this.#program.done < this.#program.program.items.length;
  }

  async #go(): Promise<void> {
    this.#lastMs = performance.now();
    this.#rest = 0;
    while (this.#playing && !this.#ended) {
      await this.#exclusive(() => drive((budget) => this.#chunk(budget))).catch((error) => this.#fail(error));
      // nothing bounds the time that passes as fast as possible without a program
      const nothingLeft = this.#pace === Number.POSITIVE_INFINITY && !this.#hasNext;
      if (this.#performer.bug !== null || nothingLeft) this.#playing = false;
      // a chunk that took longer has let the page's messages in meanwhile
      if (performance.now() - this.#lastMs < TICK_MS) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  /** An operation of the program that the run refuses stops it. */
  #fail(error: Error): void {
    const { program, done } = this.#program ?? {};
    this.#failure = `${program === undefined ? "" : `${program.name}, ${program.unit} ${(done ?? 0) + 1}: `}${error.message}`;
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
    while (this.#hasNext && this.#mayGoOn) {
      const leftMs = untilMs - interpreter.nowMs;
      if (leftMs <= 0 && this.#nextTakesTime) break;
      yield* this.#line(leftMs, budget);
      yield "between works";
    }
    const liveMs = untilMs - interpreter.nowMs;
    if (this.#mayGoOn && !this.#hasNext && Number.isFinite(liveMs) && liveMs > 0) {
      yield* this.#performer.pass(liveMs, budget);
    }
    this.#moment();
  }

  get #mayGoOn(): boolean {
    return this.#playing && this.#waiting === 0 && !this.#ended && this.#performer.bug === null;
  }

  get #nextTakesTime(): boolean {
    const { program, done, line, leftMs } = this.#program as Playing;
    return leftMs !== null || program.items[done][line].startsWith("advance");
  }

  /** Performs the next line of the program, or as much of an advance as is allowed. */
  *#line(allowedMs: number, budget: Budget): Generator<Pause, void> {
    const playing = this.#program as Playing;
    const text = playing.program.items[playing.done][playing.line];
    const advance = /^[ \t]*advance[ \t]+(\d+)[ \t]*$/.exec(text);
    if (advance === null || (playing.leftMs === null && Number(advance[1]) <= allowedMs)) {
      yield* this.#performer.perform(text, budget);
    } else {
      if (playing.leftMs === null) this.#performer.endPassing();
      playing.leftMs ??= Number(advance[1]);
      const ms = Math.min(playing.leftMs, allowedMs);
      yield* this.#performer.pass(ms, budget);
      playing.leftMs -= ms;
      if (playing.leftMs > 0) return;
      this.#performer.endPassing();
    }
    playing.leftMs = null;
    playing.line++;
    if (playing.line < playing.program.items[playing.done].length) return;
    playing.line = 0;
    playing.done++;
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
