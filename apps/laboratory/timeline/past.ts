/**
 * Takes a guest back to any moment of its past, exactly: to the nearest snapshot before it, and from there by the same
 * operations again. Runs repeat exactly. Snapshots are taken on the way, as often as their cost allows.
 */
import type { Budget, Interpreter, Pause, Saved, Step } from "xen-balloon/core";
import type { ScriptMoment } from "./part.js";

/** A moment: after so many operations, at that time. */
export interface Place {
  readonly operations: number;
  readonly nowMs: number;
}

/**
 * A wanted moment: a time, with everything done by then, the worker's run if it was due; or the moment after the operation
 * before or behind.
 */
export type Wanted = { readonly nowMs: number } | { readonly step: -1 | 1 };

/** An operation that was done, but for those that only let time pass. */
interface Done {
  readonly step: Step;
  readonly beganMs: number;
  readonly endedMs: number;
}

interface Moment extends Place {
  readonly saved: Saved;
}

/** Snapshots are at least so many ms of real time apart, and take at most this share of it. */
const APART_MS = 100;
const SHARE = 1 / 20;
const seldom = (costMs: number): number => Math.max(APART_MS, costMs / SHARE);
/** Snapshots beyond these thin out: every second one goes. */
const MOST_MOMENTS = 256;
const MOST_BYTES = 2 ** 26;

export class Past {
  readonly #interpreter: Interpreter;
  readonly #restMs: (costMs: number) => number;
  readonly #done: Done[] = [];
  #moments: Moment[] = [];
  #nextMs = 0;
  /** The present, while the guest is in its past; and its place there. */
  #present: Moment | null = null;
  #place: Place | null = null;
  /** At that place, what was due has run. */
  #ran = false;

  /** @param restMs - the real time until the next snapshot, after one that took `costMs`. */
  constructor(interpreter: Interpreter, restMs: (costMs: number) => number = seldom) {
    this.#interpreter = interpreter;
    this.#restMs = restMs;
  }

  /** The moment of its past at which the guest is; null: it is in the present. */
  get place(): Place | null {
    return this.#place;
  }

  /** The present. */
  get end(): Place {
    return this.#present ?? { operations: this.#done.length, nowMs: this.#interpreter.nowMs };
  }

  /** The line of the last operation done at a place; null: none but the boot. */
  lineAt({ operations }: Place): string | null {
    return this.#done[operations - 1]?.step.text ?? null;
  }

  /** The moment at which the guest is, as lines of a script tell it; null: it is in the present. */
  get scriptMoment(): ScriptMoment | null {
    if (this.#place === null) return null;
    const { operations, nowMs } = this.#place;
    return { operations, passedMs: nowMs - (this.#done[operations - 1]?.endedMs ?? 0), ran: this.#ran };
  }

  /** An operation was done that began at that time. */
  did(step: Step, beganMs: number): void {
    this.#done.push({ step, beganMs, endedMs: this.#interpreter.nowMs });
    this.mark();
  }

  /** Takes a snapshot if it is time for one. It must not be called while an operation is paused. */
  mark(): void {
    const interpreter = this.#interpreter;
    const begun = performance.now();
    if (begun < this.#nextMs || interpreter.booted === null || interpreter.booted.guest.ended !== null) return;
    this.#moments.push({ ...this.end, saved: interpreter.save() });
    const ended = performance.now();
    this.#nextMs = ended + this.#restMs(ended - begun);
    const bytes = this.#moments.reduce((sum, { saved }) => sum + saved.bytes, 0);
    if (this.#moments.length > 2 && (this.#moments.length > MOST_MOMENTS || bytes > MOST_BYTES)) {
      this.#moments = this.#moments.filter((_, at) => at % 2 === 0);
    }
  }

  /** Goes to a moment, the boot at the earliest and the present at the latest. */
  *goTo(wanted: Wanted, budget: Budget): Generator<Pause, void> {
    const [first] = this.#moments;
    if (first === undefined) return;
    const { operations, nowMs } = this.#find(wanted, first);
    this.#present ??= { ...this.end, saved: this.#interpreter.save() };
    let from = this.#place;
    const nearest = this.#moments.findLast((each) => each.operations <= operations && each.nowMs <= nowMs) ?? first;
    const isNearer = from !== null && from.operations <= operations && from.nowMs <= nowMs && isBefore(nearest, from);
    if (from === null || !isNearer) {
      nearest.saved.restore();
      from = nearest;
    }
    for (let at = from.operations; at < operations; at++) {
      const { step, beganMs } = this.#done[at];
      this.#place = { operations: at, nowMs: this.#interpreter.nowMs };
      yield* this.#passTo(beganMs, budget);
      yield* this.#interpreter.performInPieces(step, budget);
    }
    this.#place = { operations, nowMs };
    yield* this.#passTo(nowMs, budget);
    // time has gone on from there, but not from the present
    this.#ran = "nowMs" in wanted && nowMs < this.end.nowMs;
    if (this.#ran) yield* this.#pass(0, budget);
  }

  /** Goes back to the present. */
  leave(): void {
    this.#present?.saved.restore();
    this.#present = null;
    this.#place = null;
  }

  #find(wanted: Wanted, first: Place): Place {
    const done = this.#done;
    const { end } = this;
    if ("nowMs" in wanted) {
      const nowMs = Math.min(Math.max(wanted.nowMs, first.nowMs), end.nowMs);
      let operations = first.operations;
      while (operations < done.length && done[operations].endedMs <= nowMs) operations++;
      return { operations, nowMs };
    }
    const here = this.#place ?? end;
    const begun = done[here.operations - 1]?.endedMs ?? 0;
    // time that has passed since the last operation is the first step back
    const to = here.operations + (wanted.step < 0 && here.nowMs > begun ? 0 : wanted.step);
    if (to > done.length) return end;
    const operations = Math.max(to, first.operations);
    return { operations, nowMs: Math.max(done[operations - 1].endedMs, first.nowMs) };
  }

  *#passTo(nowMs: number, budget: Budget): Generator<Pause, void> {
    const ms = nowMs - this.#interpreter.nowMs;
    if (ms > 0) yield* this.#pass(ms, budget);
  }

  *#pass(ms: number, budget: Budget): Generator<Pause, void> {
    const operation = { op: "advance", ms } as const;
    yield* this.#interpreter.performInPieces({ index: 0, line: null, text: "", operation }, budget);
  }
}

function isBefore(one: Place, other: Place): boolean {
  return one.operations <= other.operations && one.nowMs <= other.nowMs;
}
