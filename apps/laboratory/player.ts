/** Advances virtual time at a speed or in steps from one due event to the next, and plays a demand series on it. */
import type { DemandPoint } from "../demand/series.js";

/** The guest that the player drives. */
export interface Stage {
  /** Performs one operation of a script. */
  perform(line: string): Promise<unknown>;
  /** The virtual time and the worker's due time, which is null while the worker is not pending. */
  readonly nowMs: number;
  readonly workDueMs: number | null;
}

/** The longest pause between frames, in ms. After a longer one the page was asleep. */
const LONGEST_TICK_MS = 250;

export class Player {
  /** Virtual milliseconds per real millisecond; 0 stops time. */
  speed = 1;
  readonly #stage: Stage;
  #demand: readonly DemandPoint[] = [];
  #next = 0;
  #demandBeganMs = 0;
  #lastTickMs: number | null = null;
  /** The rest below one virtual millisecond. */
  #rest = 0;
  #busy = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Plays a series from now on, and drops the previous one. */
  play(demand: readonly DemandPoint[]): void {
    this.#demand = demand;
    this.#next = 0;
    this.#demandBeganMs = this.#stage.nowMs;
  }

  /** The number of rows played, and of all rows of the series. */
  get progress(): { readonly played: number; readonly rows: number } {
    return { played: this.#next, rows: this.#demand.length };
  }

  /** Advances time for a frame. The page calls it on each frame; it does nothing while an earlier call is under way. */
  async tick(pageMs: number): Promise<void> {
    const passed = Math.min(pageMs - (this.#lastTickMs ?? pageMs), LONGEST_TICK_MS);
    this.#lastTickMs = pageMs;
    if (this.#busy || this.speed === 0) return;
    const budget = passed * this.speed + this.#rest;
    this.#rest = budget % 1;
    await this.#whileBusy(() => this.#pass(this.#stage.nowMs + Math.floor(budget)));
  }

  /** Advances to the next due event: the worker, or a row of the series. */
  async step(): Promise<void> {
    if (this.#busy) return;
    const { nowMs, workDueMs } = this.#stage;
    const next = Math.min(workDueMs ?? Number.POSITIVE_INFINITY, this.#rowMs);
    if (next !== Number.POSITIVE_INFINITY) await this.#whileBusy(() => this.#pass(Math.max(next, nowMs)));
  }

  /** True if a step would have an effect. */
  get hasNext(): boolean {
    return this.#stage.workDueMs !== null || this.#next < this.#demand.length;
  }

  async #whileBusy(work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } finally {
      this.#busy = false;
    }
  }

  async #pass(untilMs: number): Promise<void> {
    while (this.#rowMs <= untilMs) {
      const { usedPages } = this.#demand[this.#next];
      await this.#advanceTo(this.#rowMs);
      this.#next++;
      await this.#stage.perform(`target ${usedPages}`);
    }
    await this.#advanceTo(untilMs);
  }

  /** The due time of the next row of the series. */
  get #rowMs(): number {
    const row = this.#demand[this.#next];
    return row === undefined ? Number.POSITIVE_INFINITY : this.#demandBeganMs + row.timeMs;
  }

  async #advanceTo(ms: number): Promise<void> {
    const { nowMs, workDueMs } = this.#stage;
    if (ms > nowMs) await this.#stage.perform(`advance ${ms - nowMs}`);
    else if (workDueMs !== null && workDueMs <= nowMs) await this.#stage.perform("run");
  }
}
