/** The outcome of a run of a host: plain data, equal on every machine. */
import type { Reason } from "./xen.js";

/** The part of a shortage that has one reason. */
export interface ReasonShare {
  /** The reason. */
  readonly reason: Reason;
  /** KiB × ms that the guest was short for this reason. */
  readonly shortKibMs: number;
  /** Ms that it was short for this reason. */
  readonly ms: number;
}

/** One guest over the run. Sums over time are in KiB × ms: 3.77e12 are a GiB·h. */
export interface GuestOutcome {
  /** Its name. */
  readonly name: string;
  /** Null where it never started. */
  readonly domid: number | null;
  /** Its minimum, as the options have it. */
  readonly minimumKib: number;
  /** Its greatest size, as the options have it. */
  readonly maximumKib: number;
  /** Ms that it ran. */
  readonly ranMs: number;
  /** Memory that its programs wanted, over time. */
  readonly askedKibMs: number;
  /** The part of it that they had in memory. */
  readonly gotKibMs: number;
  /** The part that they did not have: `askedKibMs - gotKibMs`. */
  readonly shortKibMs: number;
  /** Ms in which any of it was missing. */
  readonly shortMs: number;
  /** The most that was missing at any time, in KiB. */
  readonly worstShortKib: number;
  /** Memory that it held and nobody in it used, over time. */
  readonly idleKibMs: number;
  /** How often it was brought down to its minimum. */
  readonly atMinimumTimes: number;
  /** Ms that it was there. */
  readonly atMinimumMs: number;
  /** Writes of memory/target for it. */
  readonly targetWrites: number;
  /** Pages that its driver gave back. */
  readonly pagesOut: number;
  /** Pages that its driver took. */
  readonly pagesIn: number;
  /** Kills by the OOM killer. */
  readonly kills: number;
  /** The reasons of its shortage, the greatest first. */
  readonly reasons: readonly ReasonShare[];
  /** The message of the BUG_ON or panic that ended it; null where it lived. */
  readonly ended: string | null;
}

/** A guest that gave memory while a start waited for its answer, or that was to give more then. */
export interface DonorOutcome {
  /** Its name. */
  readonly name: string;
  /** KiB that its driver gave back from the request to the answer. */
  readonly gaveKib: number;
  /** KiB that its driver held above its target at the answer. */
  readonly toGiveKib: number;
}

/** A request to start a guest, and the answer. */
export interface StartOutcome {
  /** The name of the guest. */
  readonly name: string;
  /** When somebody asked. */
  readonly atMs: number;
  /** The time from the request to the answer. */
  readonly waitedMs: number;
  /** Its memory at the start; null where it was refused. */
  readonly grantedKib: number | null;
  /** The reason of a refusal; null of a grant. */
  readonly reason: Reason | null;
  /** The policy's words of a refusal; "" where it granted the start, and a note where no policy decided any more. */
  readonly words: string;
  /** The guests that gave for it, or were to, in the order of their coming. */
  readonly donors: readonly DonorOutcome[];
}

/** Guests over time: one entry for each slice of the run, at its end. A guest counts 0 while it does not run. */
export interface GuestLine {
  /** Memory that programs want, in KiB. */
  readonly usedKib: readonly number[];
  /** Memory that they hold as Xen counts it (tot_pages), in KiB. */
  readonly heldKib: readonly number[];
  /** Memory that they were told to hold, in KiB. */
  readonly targetKib: readonly number[];
}

/** The host over time: one entry for each slice of the run, at its end. Used, held and target are sums over the guests. */
export interface TimeLine extends GuestLine {
  /** The end of each slice, in ms since the host's start. */
  readonly timeMs: readonly number[];
  /** Free memory, in KiB. */
  readonly freeKib: readonly number[];
  /** The least of `freeKib` within the slice. */
  readonly leastFreeKib: readonly number[];
  /** Guest by guest in the order of the options, dom0 first. */
  readonly guests: readonly GuestLine[];
}

/** The outcome of a host's run. */
export interface HostOutcome {
  /** The policy's name. */
  readonly policy: string;
  /** All memory for domains, in KiB. */
  readonly totalKib: number;
  /** The time that has passed, in ms. */
  readonly spanMs: number;
  /** The time that a driver needs to move a page, in µs. */
  readonly usPerPage: number;
  /** dom0 first, if it takes part. */
  readonly guests: readonly GuestOutcome[];
  /** Requests to start a guest, in the order of the answers. */
  readonly starts: readonly StartOutcome[];
  /** The host and its guests over time. */
  readonly timeLine: TimeLine;
  /** Writes of memory/target. */
  readonly targetWrites: number;
  /** Pages that the drivers moved, both ways. */
  readonly pagesMoved: number;
  /** The policy's own failure, with time, guest and answer; null where it had none. The guests ran on without it. */
  readonly policyFailure: string | null;
}
