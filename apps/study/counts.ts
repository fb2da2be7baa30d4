/** Counts the hypercalls and worker runs of a guest while a case runs. */
import { type GuestObserver, type GuestState, type WorkerState, XENMEM_POPULATE_PHYSMAP } from "xen-balloon/core";
import type { Moved } from "./movement.js";
import type { ExactMeasures, ReplayMeasures } from "./results.js";
import type { Stand } from "./stand.js";

type StateCounts = Pick<GuestState, "scrubbedPages" | "tlbFlushes" | "kmapFlushes">;

export class Counts implements GuestObserver {
  #stand: Stand | null = null;
  #pagesOut = 0;
  #pagesIn = 0;
  #retries = 0;
  #waitedMs = 0;
  #stepPages = 0;
  #longestStepPages = 0;
  /** The time at which the wait for a retry began; null while none is awaited. */
  #waitingSince: number | null = null;
  readonly #extents = new Map<number, number>();
  #memoryOps = 0;
  #vaMappings = 0;
  #before: StateCounts = { scrubbedPages: 0, tlbFlushes: 0, kmapFlushes: 0 };

  /** Starts counting, after boot and preparation, which do not count. */
  begin(stand: Stand): void {
    this.#stand = stand;
    this.#memoryOps = stand.guest.hypercalls.memoryOps;
    this.#vaMappings = stand.guest.hypercalls.vaMappings;
    this.#before = stand.guest.state();
  }

  afterMemoryOp(cmd: number, extents: number, rc: number): void {
    if (this.#stand === null) return;
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
    if (this.#waitingSince !== null) this.#waitedMs += nowMs - this.#waitingSince;
    this.#waitingSince = state === "eagain" ? nowMs : null;
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
    const { guest, machine } = this.#stand as Stand;
    const state = guest.state();
    return {
      pagesOut: this.#pagesOut,
      pagesIn: this.#pagesIn,
      memoryOps: guest.hypercalls.memoryOps - this.#memoryOps,
      extentsPerCall: [...this.#extents].sort(([a], [b]) => a - b),
      vaMappings: guest.hypercalls.vaMappings - this.#vaMappings,
      tlbFlushes: state.tlbFlushes - this.#before.tlbFlushes,
      kmapFlushes: state.kmapFlushes - this.#before.kmapFlushes,
      scrubbedPages: state.scrubbedPages - this.#before.scrubbedPages,
      retries: this.#retries,
      waitedSeconds: this.#waitedMs / 1000,
      outMissedPages: moved?.out.missedPages ?? 0,
      inMissedPages: moved?.in.missedPages ?? 0,
      longestStepPages: this.#longestStepPages,
      memoryBytes: guest.backend.memoryBytes() + machine.memoryBytes(),
      currentPages: guest.stats().current_pages,
      creditPages: state.creditPages,
      replay,
    };
  }
}
