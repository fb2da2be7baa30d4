/** The guests of a host: those that run, those that have ended, and those that nobody has started. */
import { ArgumentRangeError } from "../host/argument-error.js";
import { NO_SUMS } from "./guest-ledger.js";
import { everyGuest } from "./guest-lists.js";
import type { HostedGuest } from "./hosted-guest.js";
import type { HostGuest, HostOptions } from "./options.js";
import type { GuestOutcome } from "./outcome.js";
import { type GuestSample, NOT_RUNNING } from "./time-line.js";

export class HostGuests {
  /** The guests that the host is to have, dom0 first if it takes part. */
  readonly every: readonly HostGuest[];
  /** The guests that run, by domid, in the order of their coming. */
  readonly #running = new Map<number, HostedGuest>();
  #domains: readonly HostedGuest[] = [];
  /** The guests that have started, by name: those that have ended, too. */
  readonly #started = new Map<string, HostedGuest>();
  readonly #ended = new Map<string, GuestOutcome>();

  constructor(options: HostOptions) {
    this.every = everyGuest(options);
  }

  /** The guests that run, in the order of their coming. */
  get domains(): readonly HostedGuest[] {
    return this.#domains;
  }

  /** Finds a guest that runs. */
  running(domid: number): HostedGuest | undefined {
    return this.#running.get(domid);
  }

  /** Finds the guest of that name; undefined where it does not run. */
  find(name: string): HostedGuest | undefined {
    const guest = this.#started.get(name);
    return guest !== undefined && this.#running.has(guest.domid) ? guest : undefined;
  }

  /** @throws RangeError: no guest of this name runs. */
  named(name: string): HostedGuest {
    const guest = this.find(name);
    if (guest !== undefined) return guest;
    const running = this.#domains.map((each) => each.name).join(", ");
    throw new ArgumentRangeError("name", `a guest that runs: ${running || "there is none"}`, name);
  }

  /** Adds a guest that has started. */
  add(guest: HostedGuest): void {
    this.#running.set(guest.domid, guest);
    this.#started.set(guest.name, guest);
    this.#domains = [...this.#running.values()];
  }

  /** Takes a guest that has ended off those that run. */
  remove(guest: HostedGuest, nowMs: number): void {
    this.#ended.set(guest.name, guest.outcome(nowMs));
    this.#running.delete(guest.domid);
    this.#domains = [...this.#running.values()];
  }

  /** The guests as they stand, in the order of `every`. */
  samples(): GuestSample[] {
    return this.every.map(({ name }) => this.find(name)?.sample ?? NOT_RUNNING);
  }

  /** The outcomes up to now, in the order of `every`. */
  outcomes(nowMs: number): GuestOutcome[] {
    return this.every.map((options) => {
      const guest = this.#started.get(options.name);
      return this.#ended.get(options.name) ?? guest?.outcome(nowMs) ?? notStarted(options);
    });
  }
}

/** The outcome of a guest that nobody started. */
function notStarted({ name, minimumKib, maximumKib }: HostGuest): GuestOutcome {
  const moved = { targetWrites: 0, pagesOut: 0, pagesIn: 0, kills: 0 };
  return { name, domid: null, minimumKib, maximumKib, ...NO_SUMS, reasons: [], ...moved, ended: null };
}
