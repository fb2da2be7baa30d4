/** What a guest tells of itself. */

import type { SettleProgress } from "./types.js";

/** Events of a guest, by name. Times are milliseconds on the machine's clock. */
export interface GuestEvents {
  /** A line of the kernel log. */
  log: { readonly nowMs: number; readonly line: string };
  /** A memory_op: extents asked for and what Xen answered. */
  hypercall: {
    readonly nowMs: number;
    readonly op: "populate" | "decrease";
    readonly asked: number;
    readonly rc: number;
  };
  /** A piece of a run of the worker is done, every few milliseconds while pages move. */
  progress: SettleProgress;
  /** The worker could not go on and will try again. */
  retry: { readonly nowMs: number; readonly dueMs: number; readonly retryCount: number };
  /** The worker gave up after max_retry_count failures; only a new target, or pages given back, wake it. */
  cancelled: { readonly nowMs: number };
  /** add_memory raised max_pfn; the pages are not online yet. */
  hotplug: { readonly nowMs: number; readonly maxPfn: number };
  /** A BUG_ON fired, or the engine itself failed: the guest has ended. */
  ended: { readonly nowMs: number; readonly error: Error };
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
