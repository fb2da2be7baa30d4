/** The messages between a machine's thread and its caller. */

import type { GuestEvents } from "../api/events.js";
import type { Guest } from "../api/guest.js";
import type { Machine } from "../api/machine.js";
import type { GuestConfig } from "../host/backend.js";
import type { SentError } from "./sent-error.js";

type Asynchronous<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T &
  string];
export type MachineMethod = Asynchronous<Machine>;
export type GuestMethod = Asynchronous<Guest>;

/** The only message to the thread itself. It carries the port for all other messages. */
export interface Opening {
  readonly xenBalloon: InstanceType<typeof MessagePort>;
}

export type Request = Call | Abort | Listen;

/** A call, which gets one Answer. The arguments of `create` are the options and the modules (or undefined). */
export interface Call {
  readonly kind: "call";
  readonly id: number;
  /** The guest that the call with this id booted; null calls the machine. */
  readonly guest: number | null;
  readonly method: "create" | MachineMethod | GuestMethod;
  readonly args: readonly unknown[];
  /** Tells whether the call's AbortSignal has aborted already; undefined if it has none. */
  readonly aborted: boolean | undefined;
}

/** Tells that the AbortSignal of a call has aborted. */
export interface Abort {
  readonly kind: "abort";
  readonly id: number;
}

/** Tells whether the caller listens to an event of a guest. */
export interface Listen {
  readonly kind: "listen";
  readonly guest: number;
  readonly name: keyof GuestEvents;
  readonly heard: boolean;
}

/**
 * A message from the thread: its events, then the answer to a call. `serving` comes first and tells that the thread
 * takes calls. `idle`: the thread has nothing left to do, and the process need not wait for it (not in a browser).
 */
export type Message = Report | "serving" | "idle";

export interface Report {
  readonly nowMs: number;
  readonly memoryBytes: number;
  /** The events, in the order in which they happened. */
  readonly told: readonly Told[];
  readonly answer: Answer | null;
}

export type Told = ToldEvent | ToldHypercalls;

export interface ToldEvent {
  readonly guest: number;
  readonly name: keyof GuestEvents;
  /** The event of GuestEvents. The error of `ended` is a SentError. */
  readonly event: object;
}

/** Consecutive hypercalls as numbers, because a second may have half a million. */
export interface ToldHypercalls {
  readonly guest: number;
  readonly hypercalls: Float64Array<ArrayBuffer>;
}

type Hypercall = GuestEvents["hypercall"];

/** Numbers for each hypercall: time, operation, extents asked, answer. */
const FIELDS = 4;
const OPS: readonly Hypercall["op"][] = ["populate", "decrease"];

export function pack(packed: number[], { nowMs, op, asked, rc }: Hypercall): void {
  packed.push(nowMs, OPS.indexOf(op), asked, rc);
}

export function* unpack(packed: Float64Array): Generator<Hypercall> {
  for (let i = 0; i < packed.length; i += FIELDS) {
    yield { nowMs: packed[i], op: OPS[packed[i + 1]], asked: packed[i + 2], rc: packed[i + 3] };
  }
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: SentError }
  | { readonly id: number; readonly aborted: true };

/** The answer to a boot. */
export interface Booted {
  readonly config: GuestConfig;
  readonly kernelLog: readonly string[];
}
