/** The messages between a thread and its caller. They know nothing of the objects that the thread serves. */
import type { SentError } from "./sent-error.js";

/** The only message to the thread itself. It carries the port for all other messages. */
export interface Opening {
  readonly xenBalloon: InstanceType<typeof MessagePort>;
}

/** The target that a thread serves from the beginning. */
export const ROOT = 0;

export type Request = Call | Abort | Listen;

/** A call, which gets one Answer. */
export interface Call {
  readonly kind: "call";
  readonly id: number;
  /** The number of the object in the thread that is called. */
  readonly target: number;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Tells whether the call's AbortSignal has aborted already; undefined if it has none. */
  readonly aborted: boolean | undefined;
}

/** Tells that the AbortSignal of a call has aborted. */
export interface Abort {
  readonly kind: "abort";
  readonly id: number;
}

/** Tells whether the caller listens to an event of a target. */
export interface Listen {
  readonly kind: "listen";
  readonly target: number;
  readonly name: string;
  readonly heard: boolean;
}

/**
 * A message from the thread: its events, then the answer to a call. `serving` comes first and tells that the thread
 * takes calls. `idle`: the thread has nothing left to do, and the process need not wait for it (not in a browser).
 */
export type Message = Report | "serving" | "idle";

export interface Report {
  /** The service's state when the message was sent. */
  readonly state: unknown;
  /** The events, in the order in which they happened. */
  readonly told: readonly Told[];
  readonly answer: Answer | null;
}

/** An event, or consecutive events of one target and name as numbers. An `error` in an event is a SentError. */
export interface Told {
  readonly target: number;
  readonly name: string;
  readonly event: object | Float64Array<ArrayBuffer>;
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: SentError }
  | { readonly id: number; readonly aborted: true };
