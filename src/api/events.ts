/** What a guest tells of itself. */

import type { SettleProgress } from "./types.js";

/** When something happened. */
export interface GuestEvent {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
}

/** A line of the kernel log. */
export interface LogEvent extends GuestEvent {
  /** The line, without its newline. */
  readonly line: string;
}

/** A memory_op: extents asked for and what Xen answered. */
export interface HypercallEvent extends GuestEvent {
  /** XENMEM_populate_physmap or XENMEM_decrease_reservation. */
  readonly op: "populate" | "decrease";
  /** Extents, a page each. */
  readonly asked: number;
  /** Extents done, or a negative number. */
  readonly rc: number;
}

/** The worker could not go on and will try again. */
export interface RetryEvent extends GuestEvent {
  /** When, in ms on the machine's clock. */
  readonly dueMs: number;
  /** Tries so far; 1: none failed. */
  readonly retryCount: number;
}

/** Memory was added, and is not online yet. */
export interface HotplugEvent extends GuestEvent {
  /** The new end of memory, in pages. */
  readonly maxPfn: number;
}

/** The guest has ended. */
export interface EndedEvent extends GuestEvent {
  /** BalloonBug, what the engine itself failed with, or, of a guest in a worker, how its thread ended. */
  readonly error: Error;
}

/** Events of a guest, by name. */
export interface GuestEvents {
  /** A line of the kernel log. */
  log: LogEvent;
  /** A memory_op: extents asked for and what Xen answered. */
  hypercall: HypercallEvent;
  /** A piece of a run of the worker is done, every few milliseconds while pages move. */
  progress: SettleProgress;
  /** The worker could not go on and will try again. */
  retry: RetryEvent;
  /** The worker gave up after max_retry_count failures; only a new target, or pages given back, wake it. */
  cancelled: GuestEvent;
  /** add_memory raised max_pfn; the pages are not online yet. */
  hotplug: HotplugEvent;
  /** A BUG_ON fired, the engine itself failed, or a worker's thread ended by itself: the guest has ended. Comes once. */
  ended: EndedEvent;
}

export const EVENTS: readonly (keyof GuestEvents)[] = [
  "log",
  "hypercall",
  "progress",
  "retry",
  "cancelled",
  "hotplug",
  "ended",
];

type Listener<E> = (event: E) => void;

/** One `on`: the same function may listen twice. */
interface Registration {
  readonly listener: Listener<never>;
}

/**
 * A small typed emitter. Events are kept until `deliver`: a listener may call the guest, and the driver must not be
 * entered while it is in the middle of a batch.
 */
export class Emitter<Events extends object> {
  readonly #registered = new Map<keyof Events, Set<Registration>>();
  #kept: (() => void)[] = [];

  /** @returns a function that ends the listening, for events that are kept, too. */
  on<K extends keyof Events>(name: K, listener: Listener<Events[K]>): () => void {
    const registration = { listener: listener as Listener<never> };
    let set = this.#registered.get(name);
    if (set === undefined) {
      set = new Set();
      this.#registered.set(name, set);
    }
    set.add(registration);
    return () => void set.delete(registration);
  }

  /** True where somebody listens, so that an event nobody wants is not made. */
  hears(name: keyof Events): boolean {
    return (this.#registered.get(name)?.size ?? 0) > 0;
  }

  keep<K extends keyof Events>(name: K, event: Events[K]): void {
    const set = this.#registered.get(name);
    for (const registration of set ?? []) {
      this.#kept.push(() => {
        if (set?.has(registration)) (registration.listener as Listener<Events[K]>)(event);
      });
    }
  }

  /** What a listener throws is its own: it surfaces as an uncaught error, and the others still hear. */
  deliver(): void {
    const kept = this.#kept;
    if (kept.length === 0) return;
    this.#kept = [];
    for (const tell of kept) {
      try {
        tell();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
