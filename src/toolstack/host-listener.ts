/** The interface of those who want to hear of a host while it runs. */
import type { HostSample } from "./time-line.js";
import type { Reason } from "./xen.js";

export interface HostListener {
  /** A guest has started. */
  started?(name: string, domid: number, memoryKib: number): void;
  /** The policy has refused to start a guest. */
  refused?(name: string, reason: Reason, words: string): void;
  /** A guest has shut down, or a BUG_ON or panic has ended it: `problem` is null in the first case. */
  stopped?(name: string, problem: string | null): void;
  /** Somebody has written memory/target, in KiB. */
  target?(name: string, domid: number, kib: number): void;
  /** A line of the policy's log. Undefined where nobody reads them: then none are made. */
  readonly logged?: ((line: string) => void) | undefined;
  /** The policy is about to decide (domid null), or has just told this guest its target. */
  progress?(nowMs: number, domid: number | null): void;
  /** A slice of the time line has ended. */
  sliced?(sample: HostSample): void;
}
