/** What crosses between a machine's thread and whoever calls it. */

import type { GuestEvents } from "../api/events.js";
import type { Guest } from "../api/guest.js";
import type { Machine } from "../api/machine.js";
import type { GuestConfig } from "../host/backend.js";
import type { SentError } from "./sent-error.js";

type Asynchronous<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never }[keyof T &
  string];
export type MachineMethod = Asynchronous<Machine>;
export type GuestMethod = Asynchronous<Guest>;

/** The only message to the thread itself: the port on which all others go. */
export interface Opening {
  readonly xenBalloon: InstanceType<typeof MessagePort>;
}

export type Request = Call | Abort | Listen;

/** Answered by one Answer. Of `create` the arguments are the options and, or undefined, the modules. */
export interface Call {
  readonly kind: "call";
  readonly id: number;
  /** Who is called: the guest that the call with this id booted, or the machine. */
  readonly guest: number | null;
  readonly method: "create" | MachineMethod | GuestMethod;
  readonly args: readonly unknown[];
  /** Whether the call's AbortSignal has aborted already; undefined where it has none. */
  readonly aborted: boolean | undefined;
}

/** The AbortSignal of a call has aborted. */
export interface Abort {
  readonly kind: "abort";
  readonly id: number;
}

/** Somebody listens to a guest's event, or nobody any more. */
export interface Listen {
  readonly kind: "listen";
  readonly guest: number;
  readonly name: keyof GuestEvents;
  readonly heard: boolean;
}

/**
 * From the thread: what happened, then the answer to a call. `serving` comes first: somebody is there to be called.
 * `idle`: nothing is left to do there, and the process need not wait for it (not in a browser).
 */
export type Message = Report | "serving" | "idle";

export interface Report {
  readonly nowMs: number;
  readonly memoryBytes: number;
  /** In the order in which it happened. */
  readonly told: readonly Told[];
  readonly answer: Answer | null;
}

export type Told = ToldEvent | ToldHypercalls;

export interface ToldEvent {
  readonly guest: number;
  readonly name: keyof GuestEvents;
  /** As in GuestEvents; the error of `ended` is a SentError. */
  readonly event: object;
}

/** Hypercalls that followed each other, as numbers: there may be half a million in a second. */
export interface ToldHypercalls {
  readonly guest: number;
  readonly hypercalls: Float64Array<ArrayBuffer>;
}

type Hypercall = GuestEvents["hypercall"];

/** Numbers of one: when, which, asked, answered. */
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

/** What is told of a guest that has booted. */
export interface Booted {
  readonly config: GuestConfig;
  readonly kernelLog: readonly string[];
}
