/**
 * The synchronous core under every door: a machine, the clock, the guests, and the frames that other domains hold. The
 * API is its asynchronous face; scripts, studies, the laboratory and the benchmarks use it as it is.
 */

import { type Clock, drain, VirtualClock } from "../clock/scheduler.js";
import type { GuestConfig, MachineBackend, MachineFactory } from "../host/backend.js";
import { type Saved, together } from "../host/saved.js";
import type { Mfn, Pages } from "../host/units.js";
import { WorldGuest } from "./guest.js";
import { NumberStack } from "./number-stack.js";
import type { GuestObserver } from "./observer.js";

/** The frames of a machine. */
interface Frames {
  readonly hostPages: Pages;
  readonly mfnBase: Mfn;
}

/** A machine and its guests, which share its frames and its clock. */
export class World {
  readonly machine: MachineBackend;
  readonly clock: Clock;
  readonly #guests = new Set<WorldGuest>();
  /** Frames that other domains hold. */
  readonly #others = new NumberStack();

  /** @throws RangeError - the machine's tables do not fit in memory */
  constructor(makeMachine: MachineFactory, { hostPages, mfnBase }: Frames, clock: Clock) {
    this.machine = makeMachine(hostPages, mfnBase);
    this.clock = clock;
  }

  /**
   * Boots a guest: each backed page gets a frame, then the driver starts.
   *
   * @param observers - they watch the guest from its boot on.
   * @throws BalloonError - the driver did not start. RangeError - the guest's tables do not fit in memory, or the
   * machine has too few frames. Nothing has changed then.
   */
  boot(config: GuestConfig, observers: readonly GuestObserver[] = []): WorldGuest {
    const guest = new WorldGuest(this.machine, this.clock, config, observers, () => this.#guests.delete(guest));
    this.#guests.add(guest);
    return guest;
  }

  /** The guests that hold frames of the machine, in the order of their boots; one that has ended is among them. */
  get guests(): ReadonlySet<WorldGuest> {
    return this.#guests;
  }

  /**
   * Saves the machine, its guests, the time, and the frames that others hold. To put it back closes the guests that were
   * booted since, and revives those that have ended or were closed. Who watches a guest stays. A caller who waits for
   * ballooned pages waits again, and hears its end again; one who began to wait since hears that its call has not been. No
   * run of a driver's work may be paused, now or then.
   *
   * @throws BalloonError (EINVAL) on a real clock. Error - a run is paused.
   */
  save(): Saved {
    this.#requireRest();
    const guests = [...this.#guests];
    const parts = together([
      this.clock.save(),
      this.machine.save(),
      this.#others.save(),
      ...guests.map((guest) => guest.save()),
    ]);
    const restore = (): void => {
      this.#requireRest();
      for (const guest of this.#guests) if (!guests.includes(guest)) guest.forget();
      this.#guests.clear();
      for (const guest of guests) this.#guests.add(guest);
      parts.restore();
    };
    return { bytes: parts.bytes, restore };
  }

  #requireRest(): void {
    for (const { work } of this.#guests) {
      if (work.running) throw new Error("a run of a guest's driver is paused: it must end first");
    }
  }

  /** Other domains take up to so many frames, lowest first. It returns how many they got. */
  takeFrames(frames: Pages): number {
    const mfns = this.machine.takeFrames(Math.min(frames, this.machine.freeFrames()));
    this.#others.push(mfns);
    return mfns.length;
  }

  /** Other domains give back up to so many frames, those taken last. It returns how many they gave. */
  giveFrames(frames: Pages): number {
    const mfns = this.#others.pop(frames);
    this.machine.putFrames(mfns);
    return mfns.length;
  }
}

/** A world whose time passes only in its own calls, which return when all work that came due is done. */
export class VirtualWorld extends World {
  declare readonly clock: VirtualClock;

  /** @throws RangeError - the machine's tables do not fit in memory */
  constructor(makeMachine: MachineFactory, frames: Frames) {
    super(makeMachine, frames, new VirtualClock());
  }

  /**
   * Sets a target, and lets up to `withinMs` pass until the guest's driver has nothing left to do.
   *
   * @throws BalloonBug - a BUG_ON has ended the guest. The engine's own error, if that ended it.
   */
  settle(guest: WorldGuest, targetPages: Pages, withinMs: number): void {
    guest.setTarget(targetPages);
    drain(this.clock.settle(guest.work, withinMs));
    guest.requireAlive();
  }

  /** Lets `ms` pass. */
  advance(ms: number): void {
    drain(this.clock.advance(ms));
  }
}
