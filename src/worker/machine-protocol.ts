/** The state, answers, errors and events of a machine in a thread, as they are sent. */

import type { GuestEvents } from "../api/events.js";
import type { SnapshotFacts } from "../api/snapshot.js";
import { ArgumentRangeError, ArgumentTypeError } from "../host/argument-error.js";
import type { GuestConfig } from "../host/backend.js";
import { BalloonBug, BalloonError } from "../host/errors.js";
import type { ErrorTypes } from "./transport/sent-error.js";

/** The classes that errors of a machine keep. */
export const ERRORS: ErrorTypes = [BalloonError, BalloonBug, ArgumentTypeError, ArgumentRangeError];

/** The state of a machine that every message carries. */
export interface MachineState {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
  readonly memoryBytes: number;
}

/** The answer to a boot. */
export interface Booted {
  readonly target: number;
  readonly config: GuestConfig;
  readonly kernelLog: readonly string[];
}

/** The answer to a snapshot: its number in the thread, and its facts. */
export interface Taken extends SnapshotFacts {
  readonly id: number;
}

/** A guest after a restore; the target is another one if it had been closed. */
export interface Restored {
  readonly target: number;
  readonly kernelLog: readonly string[];
}

type Hypercall = GuestEvents["hypercall"];

/** Numbers for each hypercall: time, operation, extents asked, answer. */
const FIELDS = 4;
const OPS: readonly Hypercall["op"][] = ["populate", "decrease", "current"];

/** Writes a hypercall as numbers. */
export function pack(packed: number[], { nowMs, op, asked, rc }: Hypercall): void {
  packed.push(nowMs, OPS.indexOf(op), asked, rc);
}

/** Reads hypercalls from their numbers. */
export function* unpack(packed: Float64Array): Generator<Hypercall> {
  for (let i = 0; i < packed.length; i += FIELDS) {
    yield { nowMs: packed[i], op: OPS[packed[i + 1]], asked: packed[i + 2], rc: packed[i + 3] };
  }
}
