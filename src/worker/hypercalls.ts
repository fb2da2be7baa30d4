/** `hypercall` events as numbers: there may be half a million in a second. */
import type { GuestEvents } from "../guest/events.js";

type Hypercall = GuestEvents["hypercall"];

/** Numbers of one event: when, which, asked, answered. */
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
