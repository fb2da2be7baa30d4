/** Frames beyond the host's size. Guests have them only while they boot, in which no time passes. */
import type { Pages } from "../host/units.js";
import type { World } from "../world/world.js";

export class SpareFrames {
  readonly #world: World;
  #lentPages: Pages = 0;

  /** @param pages - so many of the world's frames are spare. */
  constructor(world: World, pages: Pages) {
    this.#world = world;
    world.takeFrames(pages);
  }

  /** Frames of the machine that are free, without those that are lent now. */
  get freeFrames(): Pages {
    return this.#world.machine.freeFrames() - this.#lentPages;
  }

  /** Calls `boot` while at least so many spare frames are the machine's. */
  lend<T>(pages: Pages, boot: () => T): T {
    const more = Math.max(0, pages - this.#lentPages);
    this.#world.giveFrames(more);
    this.#lentPages += more;
    try {
      return boot();
    } finally {
      this.#world.takeFrames(more);
      this.#lentPages -= more;
    }
  }
}
