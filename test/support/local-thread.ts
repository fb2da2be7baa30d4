/** A thread that is none: the machine is served here, and everything crosses by messages all the same. */
import { MachineServer } from "../../src/worker/machine-server.js";
import type { Opening } from "../../src/worker/protocol.js";
import type { Thread } from "../../src/worker/thread-host.js";

export class LocalThread implements Thread {
  postMessage(message: unknown): void {
    new MachineServer((message as Opening).xenBalloon);
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }

  terminate(): void {}
}
