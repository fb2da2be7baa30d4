/** The interface of those who watch a guest: its hypercalls, its worker, its kernel log and its end. */
import type { RunState } from "../host/backend.js";
import type { HypercallObserver } from "../host/hypercall-observer.js";

/** Watches a guest. A method that is left out costs nothing. No method may call the guest while it runs. */
export interface GuestObserver extends HypercallObserver {
  /** Hears that a piece of a run of the driver's work is done. */
  ran?(state: RunState): void;
  /** Hears a line of the kernel log, without its newline. */
  logged?(line: string): void;
  /** Hears, once, that the guest has ended: a BUG_ON fired, or the engine failed. */
  ended?(error: Error): void;
}
