/** The programs of a guest over time: what they want by its demand, and what changes by itself where they lack memory. */
import type { HostClock } from "./host-clock.js";
import { MemoryUse } from "./memory-use.js";
import type { DemandPoint, Pressure } from "./options.js";

export class Programs {
  readonly use: MemoryUse;
  readonly #demand: readonly DemandPoint[];
  readonly #clock: HostClock;
  /** Tells whether the guest lives. */
  readonly #lives: () => boolean;
  /** Hears that its memory in use has changed. */
  readonly #changed: () => void;
  /** The place of the point of the demand that holds. */
  #place = 0;
  #changeMs = Number.POSITIVE_INFINITY;

  constructor(
    demand: readonly DemandPoint[],
    pressure: Pressure,
    clock: HostClock,
    lives: () => boolean,
    changed: () => void,
  ) {
    this.use = new MemoryUse(pressure);
    this.#demand = demand;
    this.#clock = clock;
    this.#lives = lives;
    this.#changed = changed;
    while (this.#place + 1 < demand.length && demand[this.#place + 1].timeMs <= clock.now) this.#place++;
    this.use.want(clock.now, demand[this.#place]?.usedKib ?? 0);
  }

  /** Plans the demand's next point. */
  planDemand(): void {
    const next = this.#demand[this.#place + 1];
    if (next === undefined) return;
    this.#clock.at(next.timeMs, 1, () => {
      if (!this.#lives()) return;
      this.#place++;
      this.use.want(this.#clock.now, next.usedKib);
      this.#changed();
      this.planDemand();
    });
  }

  /** Plans the next look at memory that goes to disk or comes back, or at the killer: anything may have changed it. */
  planChange(): void {
    const at = this.use.nextChangeMs;
    if (at === this.#changeMs) return;
    this.#changeMs = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#clock.at(at, 1, () => {
      if (!this.#lives() || this.#changeMs !== at) return;
      this.#changeMs = Number.POSITIVE_INFINITY;
      this.use.passTo(this.#clock.now);
      this.#changed();
    });
  }
}
