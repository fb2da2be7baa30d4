/** The surroundings of a hosted guest: what of the host it needs, and who hears of it. */
import type { World } from "../world/world.js";
import type { HostClock } from "./host-clock.js";
import type { Pressure } from "./options.js";
import type { SpareFrames } from "./spare-frames.js";
import type { Reason } from "./xen.js";
import type { XenStore } from "./xenstore.js";

export interface Surroundings {
  readonly world: World;
  readonly clock: HostClock;
  readonly store: XenStore;
  /** Frames for pages that are populated on demand: a guest has them until its driver has given them back. */
  readonly spare: SpareFrames;
  readonly usPerPage: number;
  readonly pressure: Pressure;
  /** The policy's reason why this guest gets no more; null where it gave none. */
  reasonOf(domid: number): Reason | null;
  /** Hears that pages have moved. */
  moved(): void;
  /** Hears that the guest has reported its memory in use. */
  reported(domid: number): void;
  /** Hears that a BUG_ON, a panic or the engine's own error has ended the guest. */
  ended(domid: number, error: Error): void;
}
