/** A thread that is none: the machine is served here, and everything crosses by messages all the same. */
import { serveMachine } from "../../src/worker/serve-machine.js";
import type { Opening } from "../../src/worker/transport/protocol.js";
import type { Thread } from "../../src/worker/transport/thread.js";

export class LocalThread implements Thread {
  postMessage(message: unknown): void {
    serveMachine((message as Opening).xenBalloon);
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }

  terminate(): void {}
}
