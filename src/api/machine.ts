/** The machine of the public API: its frames, its guests, and the clock they share. */

import { type Time, timeOf } from "../clock/time.js";
import { readOptions, wholeNumber } from "../host/arguments.js";
import { onAsyncDispose } from "../host/async-dispose.js";
import type { MachineFactory } from "../host/backend.js";
import { completeGuestConfig, MAX_HOST_PAGES } from "../host/config.js";
import { BalloonError, EBUSY } from "../host/errors.js";
import type { Generation } from "../host/generation.js";
import { completeMachineOptions, type MachineOptions } from "../host/machine-options.js";
import { GUEST_OPTIONS } from "../host/options/guest-options.js";
import { namesOf } from "../host/options/option.js";
import { type Saved, together } from "../host/saved.js";
import type { Mfn, Pages } from "../host/units.js";
import { World } from "../world/world.js";
import { Guest } from "./guest.js";
import type { Snapshot } from "./snapshot.js";
import { Snapshots } from "./snapshots.js";
import type { BootOptions } from "./types.js";
import { GuestWatch } from "./watch.js";

/**
 * Xen's side: guests boot on it and share its frames. Made by `createMachine`.
 *
 * Every call reads and copies its arguments first. It rethrows the error of a caller's getter, refuses an argument of
 * the wrong type with a TypeError and one out of range with a RangeError; nothing has changed then. After `close` every
 * call throws an Error.
 *
 * @group Classes
 * @example
 * const guest = await machine.boot({ maxPfn: 4096 });
 */
export class Machine {
  readonly #world: World;
  readonly #time: Time;
  readonly #guests = new Map<Guest, GuestWatch>();
  readonly #snapshots = new Snapshots<Saved>();
  #closing: Promise<unknown> | null = null;

  readonly #prepare: ((driver: Generation) => Promise<void>) | undefined;

  /** @internal use `createMachine` */
  constructor(
    makeMachine: MachineFactory,
    options: MachineOptions,
    time?: Time,
    prepare?: (driver: Generation) => Promise<void>,
  ) {
    this.#prepare = prepare;
    const { hostPages, mfnBase, clock } = completeMachineOptions(options);
    this.#time = time ?? timeOf(clock);
    this.#world = new World(makeMachine, { hostPages, mfnBase }, this.#time.clock);
  }

  /** Checks that the machine is open. Every access to the frames goes through this method. */
  #open(): World {
    if (this.#closing !== null) throw new Error("the machine is closed");
    return this.#world;
  }

  /**
   * Boots a guest: each backed page gets a frame, then the driver starts. By default `nrPages` is the number of backed
   * pages, and `pfnLimit` and `maxPages` are maxPfn.
   *
   * @param options - see BootOptions.
   * @throws TypeError, RangeError: an option out of range, a guest that does not fit in linear memory (the message says
   * how many pages would) or has more pages than the machine has frames. BalloonError ENODEV (`xen: false`), ENOMEM (no
   * scratch page, or 256 guests are running). Nothing has changed then.
   * @example
   * const guest = await machine.boot({ maxPfn: 262_144, reservedPages: 4096 });
   */
  async boot(options: BootOptions): Promise<Guest> {
    const config = completeGuestConfig(readOptions("options", options, namesOf(GUEST_OPTIONS)));
    // a guest with the driver of 2013 has all that it needs, and boots before this call returns
    if (config.driver !== "2013") await this.#prepare?.(config.driver);
    const watch = new GuestWatch(this.#time.clock);
    const guest = new Guest(this.#open(), this.#time, config, watch, (closed) => this.#guests.delete(closed));
    this.#guests.set(guest, watch);
    return guest;
  }

  /**
   * Lists the guests that hold frames of the machine, in the order of their boots. A guest stays listed until it is
   * closed, even after a BUG_ON has ended it.
   *
   * @example
   * for (const guest of machine.guests) await guest.setTarget({ pages: 1024 });
   */
  get guests(): readonly Guest[] {
    return [...this.#guests.keys()];
  }

  /**
   * Counts the free frames, which no guest holds and nobody has taken.
   *
   * @example
   * const frames = await machine.freeFrames();
   */
  async freeFrames(): Promise<number> {
    return this.#open().machine.freeFrames();
  }

  /**
   * Counts all frames of the machine.
   *
   * @example
   * console.log(machine.hostPages);
   */
  get hostPages(): number {
    return this.#world.machine.hostPages;
  }

  /**
   * Takes frames for other domains, lowest first.
   *
   * @param frames - the most frames to take, 0 to 2^32 - 1.
   * @returns the number of frames taken.
   * @throws TypeError, RangeError
   * @example
   * await machine.takeFrames(1000); // other domains want memory
   */
  async takeFrames(frames: Pages): Promise<number> {
    wholeNumber("frames", frames, "frames", 0, MAX_HOST_PAGES);
    return this.#open().takeFrames(frames);
  }

  /**
   * Gives back the frames that other domains took last.
   *
   * @param frames - the most frames to give back, 0 to 2^32 - 1.
   * @returns the number of frames given back.
   * @throws TypeError, RangeError
   * @example
   * await machine.giveFrames(1000);
   */
  async giveFrames(frames: Pages): Promise<number> {
    wholeNumber("frames", frames, "frames", 0, MAX_HOST_PAGES);
    return this.#open().giveFrames(frames);
  }

  /**
   * Tells the milliseconds since the machine was made, on its clock.
   *
   * @example
   * console.log(machine.nowMs);
   */
  get nowMs(): number {
    return this.#time.clock.now;
  }

  /**
   * Advances virtual time, and runs the guests' work when it is due.
   *
   * @param ms - the time to pass, in milliseconds, 0 to 2^53 - 1.
   * @throws BalloonError EINVAL: the clock is real, and nobody advances it. TypeError, RangeError
   * @example
   * await machine.advance(2000); // a retry may have come due
   */
  async advance(ms: number): Promise<void> {
    wholeNumber("ms", ms, "ms", 0, Number.MAX_SAFE_INTEGER);
    this.#open();
    await this.#time.advance(ms);
  }

  /**
   * Takes a snapshot of the machine with all its guests: frames, tables, contents, kernel logs, the time, due work,
   * injected faults, and the pages and frames that others hold. The call waits for the calls before it that let time pass.
   * A terabyte takes some milliseconds.
   *
   * @returns the snapshot, good for any number of restores until it is closed.
   * @throws BalloonError EINVAL: the clock is real, and cannot go back. EBUSY: a call of takeBallooned waits for pages; its
   * promise could not be settled once more.
   * @example
   * const before = await machine.snapshot();
   */
  async snapshot(): Promise<Snapshot> {
    this.#open();
    return this.#time.alone(() => {
      this.#requireNobodyWaits();
      const watches = [...this.#guests];
      const saved = together([this.#open().save(), ...watches.map(([, watch]) => watch.save())]);
      const restore = (): void => {
        saved.restore();
        this.#guests.clear();
        for (const [guest, watch] of watches) this.#guests.set(guest, watch);
      };
      return this.#snapshots.add({ nowMs: this.nowMs, bytes: saved.bytes }, { ...saved, restore });
    });
  }

  #requireNobodyWaits(): void {
    for (const { thread } of this.#open().guests) {
      const waiting = thread?.waiting.length ?? 0;
      if (waiting === 0) continue;
      throw new BalloonError(EBUSY, `expected no call of takeBallooned that waits for pages, got ${waiting}`);
    }
  }

  /**
   * Goes back, or forward, to a snapshot of this machine; everything that follows is as it was after it. A guest booted
   * since is closed; one that has ended or was closed since lives again. Listeners stay. A call of takeBallooned that waits
   * for pages rejects with an Error: it has not been. The call waits for the calls before it that let time pass.
   *
   * @param snapshot - a snapshot of this machine, taken at any time.
   * @throws TypeError: no snapshot. RangeError: one of another machine. Error: the snapshot is closed. Nothing has changed
   * then.
   * @example
   * const before = await machine.snapshot();
   * await machine.advance(60_000);
   * await machine.restore(before);
   */
  async restore(snapshot: Snapshot): Promise<void> {
    this.#open();
    const saved = this.#snapshots.get(snapshot);
    await this.#time.alone(() => {
      this.#open();
      saved.restore();
    });
  }

  /**
   * Reads the M2P: the PFN of each frame that a pv guest holds, 0xffffffff for every other frame.
   *
   * @param mfn - the first frame, below `hostPages`.
   * @param frames - the number of frames, to `hostPages` at most.
   * @throws TypeError, RangeError
   * @example
   * const [pfn] = await machine.m2p(100, 1);
   */
  async m2p(mfn: Mfn, frames: Pages): Promise<Uint32Array> {
    wholeNumber("mfn", mfn, "a frame", 0, this.hostPages - 1);
    wholeNumber("frames", frames, "frames", 0, this.hostPages - mfn);
    const { machine } = this.#open();
    const out = new Uint32Array(frames);
    machine.readM2p(mfn, out);
    return out;
  }

  /**
   * Tells how much linear memory the machine's tables reserve, in bytes.
   *
   * @example
   * console.log(machine.memoryBytes / 2 ** 20);
   */
  get memoryBytes(): number {
    return this.#world.machine.memoryBytes();
  }

  /**
   * Closes the machine and its guests, after the runs of their workers have ended. A second call does nothing.
   *
   * @example
   * await machine.close();
   */
  async close(): Promise<void> {
    this.#closing ??= Promise.all(this.guests.map((guest) => guest.close()));
    await this.#closing;
  }

  /**
   * Closes the machine at the end of the block in which `await using` has declared it.
   *
   * @example
   * await using machine = await createMachine({ hostPages: 8192 });
   * const guest = await machine.boot({ maxPfn: 4096 });
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    onAsyncDispose(Machine, (machine) => machine.close());
  }
}
