/**
 * Work that has begun and may stop between two batches of the driver. Where it has stopped, a run holds the balloon mutex: it
 * has to go on to its end before anybody else does something.
 */
import type { Budget, Pause } from "xen-balloon/core";
import type { Performer } from "./performer.js";

type Work = (budget: Budget) => Generator<Pause, unknown>;

export class Begun {
  readonly #performer: Performer;
  #pieces: Generator<Pause, unknown> | null = null;
  /** Its line, where it is not written down before it is done. */
  #line: string | null = null;
  #goesOn = false;
  #budget: Budget = () => 1;

  constructor(performer: Performer) {
    this.#performer = performer;
  }

  /** There is work that is not done. */
  get any(): boolean {
    return this.#pieces !== null;
  }

  /** The batches of the run that has stopped; null: nothing has. */
  get batches(): number | null {
    return this.#pieces === null || this.#goesOn ? null : this.#performer.batchesOfRun;
  }

  /** The lines that it will have done and that are written down nowhere yet. */
  get rest(): string[] {
    return this.#line === null ? [] : [this.#line];
  }

  /** Begins work. There must be none. */
  start(work: Work, line: string | null = null): void {
    this.#pieces = work(() => this.#budget());
    this.#line = line;
  }

  /**
   * Goes on with the work that there is, to its end, or to the batch after which it has to stop.
   *
   * @param stops - asked after each turn of the driver's loop; null: it does not stop.
   * @returns true: it has stopped.
   */
  *goOn(stops: (() => boolean) | null, budget: Budget): Generator<Pause, boolean> {
    // a pause for each batch is for this method alone: it passes on as many as the budget asks for
    this.#budget = stops === null ? budget : () => 1;
    this.#goesOn = true;
    for (let left = budget(); ; ) {
      const { turns } = this.#performer;
      const pause = this.#next();
      if (pause === null) return false;
      if (stops !== null && this.#performer.turns > turns && stops()) {
        this.#goesOn = false;
        return true;
      }
      if (stops !== null && pause === "between batches" && --left > 0) continue;
      yield pause;
      left = budget();
    }
  }

  /** The next pause; null: the work has ended. */
  #next(): Pause | null {
    try {
      const piece = (this.#pieces as Generator<Pause, unknown>).next();
      if (!piece.done) return piece.value;
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#end();
    return null;
  }

  #end(): void {
    this.#pieces = null;
    this.#line = null;
    this.#goesOn = false;
  }
}
