/** A program under way: which of its lines is next, and what is left of it. */
import type { Budget, Pause } from "xen-balloon/core";
import type { PlaybackState, Program } from "./messages.js";
import type { Performer } from "./performer.js";

const ADVANCE = /^[ \t]*advance[ \t]+(\d+)[ \t]*$/;

export class Playing {
  readonly #program: Program;
  readonly #performer: Performer;
  /** Items done, and lines done of the next one. */
  #done = 0;
  #line = 0;
  /** The time at which an advance under way ends; null where its line has not begun. */
  #untilMs: number | null = null;

  constructor(program: Program, performer: Performer) {
    this.#program = program;
    this.#performer = performer;
  }

  get state(): NonNullable<PlaybackState["program"]> {
    const { name, unit, items } = this.#program;
    return { name, unit, done: this.#done, of: items.length };
  }

  get hasNext(): boolean {
    return this.#done < this.#program.items.length;
  }

  /** The next line lets time pass. */
  get takesTime(): boolean {
    return this.#untilMs !== null || this.#program.items[this.#done][this.#line].startsWith("advance");
  }

  /** The lines that are still to come. */
  get rest(): string[] {
    const lines = this.#program.items.slice(this.#done).flat().slice(this.#line);
    if (this.#untilMs === null) return lines;
    return [`advance ${this.#untilMs - this.#performer.past.end.nowMs}`, ...lines.slice(1)];
  }

  /** Performs the next line, or as much of an advance as is allowed. There must be one. */
  *perform(allowedMs: number, budget: Budget): Generator<Pause, void> {
    const performer = this.#performer;
    const item = this.#program.items[this.#done];
    const advance = ADVANCE.exec(item[this.#line]);
    if (advance === null) {
      yield* performer.perform(item[this.#line], budget);
    } else {
      if (this.#untilMs === null) performer.endPassing();
      const untilMs = this.#untilMs ?? performer.interpreter.nowMs + Number(advance[1]);
      this.#untilMs = untilMs;
      yield* performer.pass(Math.min(untilMs - performer.interpreter.nowMs, allowedMs), budget);
      if (performer.bug === null && performer.interpreter.nowMs < untilMs) return;
      performer.endPassing();
    }
    this.#untilMs = null;
    this.#line++;
    if (this.#line < item.length) return;
    this.#line = 0;
    this.#done++;
  }
}
