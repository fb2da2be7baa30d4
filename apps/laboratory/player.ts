/** Lets virtual time pass: at a speed, or from one thing that is due to the next; a demand series is played on it. */
import type { DemandPoint } from "../demand/series.js";

/** What the player does things with. */
export interface Stage {
  /** Does one operation of a script. */
  perform(line: string): Promise<unknown>;
  /** Virtual time, and when the worker is due; null while it is not pending. */
  readonly nowMs: number;
  readonly workDueMs: number | null;
}

/** A longer pause than this was no pause of ours: the page was asleep. */
const LONGEST_TICK_MS = 250;

export class Player {
  /** Virtual milliseconds a millisecond; 0 stands still. */
  speed = 1;
  readonly #stage: Stage;
  #demand: readonly DemandPoint[] = [];
  #next = 0;
  #demandBeganMs = 0;
  #lastTickMs: number | null = null;
  /** What is less than a virtual millisecond. */
  #rest = 0;
  #busy = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Plays a series from now on; the one before it is given up. */
  play(demand: readonly DemandPoint[]): void {
    this.#demand = demand;
    this.#next = 0;
    this.#demandBeganMs = this.#stage.nowMs;
  }

  /** Rows of the series that are played, and how many there are. */
  get progress(): { readonly played: number; readonly rows: number } {
    return { played: this.#next, rows: this.#demand.length };
  }

  /** To be called on each frame of the page; it does nothing while what it began before is still under way. */
  async tick(pageMs: number): Promise<void> {
    const passed = Math.min(pageMs - (this.#lastTickMs ?? pageMs), LONGEST_TICK_MS);
    this.#lastTickMs = pageMs;
    if (this.#busy || this.speed === 0) return;
    const budget = passed * this.speed + this.#rest;
    this.#rest = budget % 1;
    await this.#whileBusy(() => this.#pass(this.#stage.nowMs + Math.floor(budget)));
  }

  /** To the next thing that is due: the worker, or a row of the series. */
  async step(): Promise<void> {
    if (this.#busy) return;
    const { nowMs, workDueMs } = this.#stage;
    const next = Math.min(workDueMs ?? Number.POSITIVE_INFINITY, this.#rowMs);
    if (next !== Number.POSITIVE_INFINITY) await this.#whileBusy(() => this.#pass(Math.max(next, nowMs)));
  }

  /** True while a step would do something. */
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

  /** When the next row of the series is due. */
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
