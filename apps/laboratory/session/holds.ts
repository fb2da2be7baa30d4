/** Faults that hold: somebody else takes every frame of the machine, or every page of the guest, as soon as it is free. */
import { type Booted, U32_MAX } from "xen-balloon/core";
import type { HoldName } from "./messages.js";

interface Hold {
  /** The pages or frames that can be taken now. */
  readonly free: (booted: Booted) => number;
  readonly take: (amount: number) => string;
  /** Gives back all that was taken. */
  readonly release: string;
}

const HOLDS: Readonly<Record<HoldName, Hold>> = {
  host: {
    free: ({ world }) => world.machine.freeFrames(),
    take: (frames) => `host_take ${frames}`,
    release: `host_give ${U32_MAX}`,
  },
  guest: {
    free: ({ guest }) => {
      const { freeNormalPages, freeHighPages } = guest.state();
      return freeNormalPages + freeHighPages;
    },
    take: (pages) => `guest_alloc ${pages} 1`,
    release: `guest_free ${U32_MAX}`,
  },
};

export class Holds {
  /** The pages that each hold had to leave: a watermark keeps pages from it. */
  readonly #left = new Map<HoldName, number>();

  get state(): Readonly<Record<HoldName, boolean>> {
    return { host: this.#left.has("host"), guest: this.#left.has("guest") };
  }

  get any(): boolean {
    return this.#left.size > 0;
  }

  /** Switches a hold. @returns the operation that this takes now; null for none. */
  set(name: HoldName, on: boolean): string | null {
    if (on === this.#left.has(name)) return null;
    if (on) this.#left.set(name, 0);
    else this.#left.delete(name);
    return on ? null : HOLDS[name].release;
  }

  /** The operation that takes what has become free; null where nothing has. */
  next(booted: Booted): string | null {
    for (const [name, left] of this.#left) {
      const free = HOLDS[name].free(booted);
      if (free > left) return HOLDS[name].take(free);
    }
    return null;
  }

  /** Must be called after the operation of `next`: what it did not get stays. */
  taken(booted: Booted): void {
    for (const name of this.#left.keys()) this.#left.set(name, HOLDS[name].free(booted));
  }
}
