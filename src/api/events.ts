/** The events of a guest, and the emitter that delivers them. */

import { ArgumentTypeError } from "../host/argument-error.js";
import type { SettleProgress, ThreadState } from "./types.js";

/** The time of an event. */
export interface GuestEvent {
  /** Milliseconds on the machine's clock. */
  readonly nowMs: number;
}

/** A line of the kernel log. */
export interface LogEvent extends GuestEvent {
  /** The line, without its newline. */
  readonly line: string;
}

/** A memory_op: the extents asked for and Xen's answer. */
export interface HypercallEvent extends GuestEvent {
  /** XENMEM_populate_physmap, XENMEM_decrease_reservation, or XENMEM_current_reservation. */
  readonly op: "populate" | "decrease" | "current";
  /** Extents asked for, a page each. */
  readonly asked: number;
  /** Extents done, or a negative number; for `current`, the pages of the domain. */
  readonly rc: number;
}

/** The worker could not go on and will try again. */
export interface RetryEvent extends GuestEvent {
  /** The time of the next try, in ms on the machine's clock. */
  readonly dueMs: number;
  /** Tries so far; 1 means that none has failed. */
  readonly retryCount: number;
}

/** The modern driver's thread begins to wait. */
export interface ThreadEvent extends GuestEvent {
  /** The outcome of its last turn. */
  readonly state: ThreadState;
  /** The time at which it looks again, in ms on the machine's clock. */
  readonly dueMs: number;
}

/** Memory was added, and is not online yet. */
export interface HotplugEvent extends GuestEvent {
  /** The new end of memory, in pages. */
  readonly maxPfn: number;
}

/** The guest has ended. */
export interface EndedEvent extends GuestEvent {
  /** A BalloonBug, the engine's own error, or, for a guest in a worker, an error that tells how its thread ended. */
  readonly error: Error;
}

/** Events of a guest, by name. */
export interface GuestEvents {
  /** A line of the kernel log. */
  log: LogEvent;
  /** A memory_op: the extents asked for and Xen's answer. */
  hypercall: HypercallEvent;
  /** A piece of a run of the worker is done, every few milliseconds while pages move. */
  progress: SettleProgress;
  /** The worker could not go on and will try again. */
  retry: RetryEvent;
  /**
   * The driver gave up after max_retry_count failures; only a new target, or pages given back, wake it. The modern driver
   * looks again within an hour, and gives up for lack of memory to add, too.
   */
  cancelled: GuestEvent;
  /** The modern driver's thread begins to wait. */
  thread: ThreadEvent;
  /** add_memory raised max_pfn; the pages are not online yet. */
  hotplug: HotplugEvent;
  /** The guest has ended: a BUG_ON fired, the engine failed, or a worker's thread ended by itself. Sent once. */
  ended: EndedEvent;
}

/** Every event: one that is missing here, or is none, is a compile error. */
const EVENT_NAMES: { readonly [Name in keyof GuestEvents]: true } = {
  log: true,
  hypercall: true,
  progress: true,
  retry: true,
  cancelled: true,
  thread: true,
  hotplug: true,
  ended: true,
};

/** The names of the events. */
const EVENTS: readonly (keyof GuestEvents)[] = Object.keys(EVENT_NAMES) as (keyof GuestEvents)[];

/**
 * Checks what a caller listens to, and with what.
 *
 * @throws TypeError: the name is no event's, or the listener is no function.
 */
export function checkListener(name: keyof GuestEvents, listener: unknown): void {
  if (!EVENTS.includes(name)) throw new ArgumentTypeError("name", `an event named ${EVENTS.join(", ")}`, String(name));
  if (typeof listener !== "function") throw new ArgumentTypeError("listener", "a function", typeof listener);
}

type Listener<E> = (event: E) => void;

/** The result of one `on` call. The same function may be registered twice. */
interface Registration {
  readonly listener: Listener<never>;
}

/**
 * A small typed emitter. It keeps events until `deliver`, because a listener may call the guest and nobody may enter
 * the driver in the middle of a batch.
 */
export class Emitter<Events extends object> {
  readonly #registered = new Map<keyof Events, Set<Registration>>();
  #kept: (() => void)[] = [];

  /** @returns a function that ends the listening, also for events that wait for delivery. */
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

  /** Tells whether an event has a listener, so that callers make no event that nobody wants. */
  hears(name: keyof Events): boolean {
    return (this.#registered.get(name)?.size ?? 0) > 0;
  }

  /** The names of the events that have listeners. */
  get heard(): (keyof Events)[] {
    return [...this.#registered.keys()].filter((name) => this.hears(name));
  }

  keep<K extends keyof Events>(name: K, event: Events[K]): void {
    const set = this.#registered.get(name);
    for (const registration of set ?? []) {
      this.#kept.push(() => {
        if (set?.has(registration)) (registration.listener as Listener<Events[K]>)(event);
      });
    }
  }

  /** Keeps an event and delivers it with those kept before. */
  tell<K extends keyof Events>(name: K, event: Events[K]): void {
    this.keep(name, event);
    this.deliver();
  }

  /** Delivers the kept events. A listener's error surfaces as an uncaught error, and the other listeners still hear. */
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
