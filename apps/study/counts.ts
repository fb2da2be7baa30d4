/** Counts the hypercalls and worker runs of a guest while a case runs. */
import {
  type GuestObserver,
  type GuestState,
  type MachineBackend,
  type WorkerState,
  type WorldGuest,
  XENMEM_POPULATE_PHYSMAP,
} from "xen-balloon/core";
import type { Moved } from "./movement.js";
import type { ExactMeasures, ReplayMeasures } from "./results.js";

/** The guest that is counted, with its machine and its virtual time. */
export interface Counted {
  readonly guest: WorldGuest;
  readonly machine: MachineBackend;
  readonly nowMs: number;
}

/** The numbers that the guest counts itself, from boot on. */
type Numbers = Pick<GuestState, "scrubbedPages" | "tlbFlushes" | "kmapFlushes" | "memoryOps" | "vaMappings">;

const NO_NUMBERS: Numbers = { scrubbedPages: 0, tlbFlushes: 0, kmapFlushes: 0, memoryOps: 0, vaMappings: 0 };

export class Counts implements GuestObserver {
  #stand: Counted | null = null;
  #pagesOut = 0;
  #pagesIn = 0;
  #retries = 0;
  #waitedMs = 0;
  #stepPages = 0;
  #longestStepPages = 0;
  /** The time at which the wait for a retry began; null while none is awaited. */
  #waitingSince: number | null = null;
  readonly #extents = new Map<number, number>();
  /** The numbers when counting began, and the sum of what was added to them while it had stopped. */
  #before = NO_NUMBERS;
  /** The numbers when counting stopped; null while it goes on. */
  #left: Numbers | null = null;

  /** Starts counting, after boot and preparation, which do not count. */
  begin(stand: Counted): void {
    this.#stand = stand;
    this.#before = stand.guest.state();
  }

  /** Stops counting, until `enter`. */
  leave(): void {
    const stand = this.#stand as Counted;
    if (this.#waitingSince !== null) this.#waitedMs += stand.nowMs - this.#waitingSince;
    this.#left = stand.guest.state();
  }

  /** Goes on counting; `leave` must have been called. */
  enter(): void {
    const stand = this.#stand as Counted;
    this.#before = plus(this.#before, minus(stand.guest.state(), this.#left as Numbers));
    this.#left = null;
    if (this.#waitingSince !== null) this.#waitingSince = stand.nowMs;
  }

  afterMemoryOp(cmd: number, extents: number, rc: number): void {
    if (this.#stand === null || this.#left !== null) return;
    this.#extents.set(extents, (this.#extents.get(extents) ?? 0) + 1);
    const done = Math.max(0, rc);
    if (cmd === XENMEM_POPULATE_PHYSMAP) this.#pagesIn += done;
    else this.#pagesOut += done;
    this.#stepPages += done;
  }

  /** Adds the time since the last run to the waits: virtual time passes only between runs of the worker. */
  ran(state: WorkerState): void {
    if (this.#stand === null) return;
    const { nowMs } = this.#stand;
    const isCounting = this.#left === null;
    if (isCounting && this.#waitingSince !== null) this.#waitedMs += nowMs - this.#waitingSince;
    // a driver that has given up waits, too: for a new target, or the modern one for its next look
    this.#waitingSince = state === "eagain" || state === "ecanceled" ? nowMs : null;
    if (!isCounting) return;
    if (state === "eagain") this.#retries++;
    this.#longestStepPages = Math.max(this.#longestStepPages, this.#stepPages);
    this.#stepPages = 0;
  }

  /**
   * Takes the counts since `begin`, which must have been called.
   *
   * @param replay - the measures of a replay; null for a workload.
   * @param moved - the moves of a workload's pass; null for a replay.
   */
  take(replay: ReplayMeasures | null, moved: Moved | null): ExactMeasures {
    const { guest, machine } = this.#stand as Counted;
    const numbers = minus((this.#stand as Counted).guest.state(), this.#before);
    return {
      pagesOut: this.#pagesOut,
      pagesIn: this.#pagesIn,
      memoryOps: numbers.memoryOps,
      extentsPerCall: [...this.#extents].sort(([a], [b]) => a - b),
      vaMappings: numbers.vaMappings,
      tlbFlushes: numbers.tlbFlushes,
      kmapFlushes: numbers.kmapFlushes,
      scrubbedPages: numbers.scrubbedPages,
      retries: this.#retries,
      waitedSeconds: this.#waitedMs / 1000,
      outMissedPages: moved?.out.missedPages ?? 0,
      inMissedPages: moved?.in.missedPages ?? 0,
      longestStepPages: this.#longestStepPages,
      memoryBytes: guest.backend.memoryBytes() + machine.memoryBytes(),
      currentPages: guest.stats().current_pages,
      creditPages: guest.state().creditPages,
      replay,
    };
  }
}

function plus(a: Numbers, b: Numbers): Numbers {
  return combine(a, b, (x, y) => x + y);
}

function minus(a: Numbers, b: Numbers): Numbers {
  return combine(a, b, (x, y) => x - y);
}

function combine(a: Numbers, b: Numbers, of: (x: number, y: number) => number): Numbers {
  const names = Object.keys(NO_NUMBERS) as (keyof Numbers)[];
  return Object.fromEntries(names.map((name) => [name, of(a[name], b[name])])) as Numbers;
}
