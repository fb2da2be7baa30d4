/**
 * The time of a host. It is virtual, and moving pages takes some of it: a driver's batches are made in pieces, each at the
 * end of the time that its pages need, and everything else on the host happens in between.
 */
import type { Clock } from "../clock/scheduler.js";
import type { Pause, Work } from "../clock/work.js";
import { BalloonError, EINVAL } from "../host/errors.js";
import { Agenda, type Rank } from "./agenda.js";

/** The next batches that a driver is about to make, and the time that they need. */
export interface Piece {
  readonly batches: number;
  readonly ms: number;
}

/** A guest's side of its driver's work. */
export interface Mover {
  /** Tells the next piece. Its time is 0 where there is nothing to move. */
  nextPiece(): Piece;
  /** Hears that a piece is done. */
  moved(): void;
}

/** The state of one work on the clock. */
interface Worker {
  readonly mover: Mover;
  /** When its next entry in the agenda comes; Infinity where it has none. */
  armedMs: number;
  /** A piece of it is on the agenda. */
  moving: boolean;
  /** The batches of the piece. */
  batches: number;
  /** Its run goes on at this moment. */
  runs: boolean;
  /** A run of it that has paused. */
  run: Generator<Pause> | null;
}

/** Runs a host's agenda. */
export class HostClock implements Clock {
  now = 0;
  readonly #agenda = new Agenda();
  readonly #workers = new Map<Work, Worker>();
  /** The mover of the guest that boots; its work is added meanwhile. */
  #booting: Mover | null = null;

  /** Boots a guest, whose work is then that of this mover. */
  boots<T>(mover: Mover, boot: () => T): T {
    this.#booting = mover;
    try {
      return boot();
    } finally {
      this.#booting = null;
    }
  }

  add(work: Work): void {
    const mover = this.#booting as Mover;
    this.#workers.set(work, {
      mover,
      armedMs: Number.POSITIVE_INFINITY,
      moving: false,
      batches: 0,
      runs: false,
      run: null,
    });
    this.arm(work);
  }

  /** Removes the work, and gives up a run of it that has paused. */
  remove(work: Work): void {
    const worker = this.#workers.get(work);
    this.#workers.delete(work);
    if (worker !== undefined && !worker.runs) worker.run?.return(undefined);
  }

  arm(work: Work): void {
    const worker = this.#workers.get(work);
    const at = work.runsAt;
    if (worker === undefined || worker.moving || at === null || at >= worker.armedMs) return;
    worker.armedMs = at;
    this.at(at, 0, () => this.#due(work, worker, at));
  }

  /** @throws BalloonError (EINVAL): a host cannot go back; it is run anew, with the same end. */
  save(): never {
    throw new BalloonError(EINVAL, "a host cannot go back: run it anew");
  }

  /** True while pages of this work are on their way. */
  isMoving(work: Work): boolean {
    return this.#workers.get(work)?.moving ?? false;
  }

  /** Puts something on the agenda; what lies in the past happens now. */
  at(timeMs: number, rank: Rank, happen: () => void): void {
    this.#agenda.put(Math.max(timeMs, this.now), rank, happen);
  }

  /** Lets time pass up to `untilMs`, with all that happens then; it pauses after each thing that has happened. */
  *runUntil(untilMs: number): Generator<Pause> {
    while (this.#agenda.nextMs <= untilMs) {
      this.now = this.#agenda.nextMs;
      this.#agenda.take()();
      yield "between works";
    }
    this.now = untilMs;
  }

  /** The work may be due. Its entry is void where an earlier one was armed since. */
  #due(work: Work, worker: Worker, at: number): void {
    if (worker.armedMs !== at || this.#workers.get(work) !== worker) return;
    worker.armedMs = Number.POSITIVE_INFINITY;
    const runsAt = work.runsAt;
    if (runsAt === null || worker.moving) return;
    if (runsAt > this.now) this.arm(work);
    else this.#begin(work, worker);
  }

  /** Begins a piece: at once where it needs no time, else at the end of the time that it needs. */
  #begin(work: Work, worker: Worker): void {
    const { batches, ms } = worker.mover.nextPiece();
    worker.batches = batches;
    if (ms === 0) {
      this.#move(work, worker);
      return;
    }
    worker.moving = true;
    this.at(this.now + ms, 0, () => this.#move(work, worker));
  }

  #move(work: Work, worker: Worker): void {
    worker.moving = false;
    // the guest has gone meanwhile
    if (this.#workers.get(work) !== worker) return;
    worker.run ??= work.start(() => worker.batches);
    worker.runs = true;
    const { done } = worker.run.next();
    worker.runs = false;
    if (done) worker.run = null;
    worker.mover.moved();
    if (this.#workers.get(work) !== worker) return;
    if (done) this.arm(work);
    else this.#begin(work, worker);
  }
}
