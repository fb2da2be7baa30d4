/** Xen and its domains as a toolstack sees them, and the calls that it can make. Sizes are in KiB, times in ms. */
import type { Store } from "./xenstore.js";

/** How a domain is virtualised: Xen keeps 1 MiB more of maxmem for all but pv. */
export type DomainType = "pv" | "hvm" | "pvh" | "pv-in-pvh";

/** A domain as Xen's domctl tells of it (XEN_DOMCTL_getdomaininfo). */
export interface Domain {
  /** 0 is dom0. */
  readonly domid: number;
  /** How it is virtualised. */
  readonly type: DomainType;
  /** Pages that it has (tot_pages), in KiB: not the same as its driver's current_pages. */
  readonly totKib: number;
  /** Pages that it may have (max_pages), in KiB; Infinity where nothing limits it. */
  readonly maxmemKib: number;
  /** Shadow or HAP memory that Xen set aside for it, in KiB. */
  readonly shadowKib: number;
}

/** The reason of a decision, for the report: why a guest gets no more, or why one cannot start. */
export type Reason =
  /** The policy keeps this much for the host, or finds the change too small to make. */
  | "rest-zone"
  /** Nobody may give more: all are at the minimum, or at the policy's own floor. */
  | "floor"
  /** A guest that should give does not, or not in time. */
  | "stuck-donor"
  /** The guest may not have more: static-max, dynamic-max or maxmem. */
  | "maxmem"
  /** The guest's driver waits before it tries again. */
  | "back-off"
  /** The guest's driver has given up until somebody sets a target, or for an hour. */
  | "gave-up"
  /** The host has no free memory. */
  | "host-empty"
  /** The policy never looks at demand. */
  | "demand-unseen"
  /** The policy knows nothing of the guest: it has not reported, or has no driver. */
  | "not-reporting"
  /** The guest has what its last report called for: it wants more than it has reported. */
  | "reported"
  /** Memory is there or on its way, and the policy does not come back to the guest before its next turn. */
  | "next-turn"
  /** The guest got its share of too little. */
  | "share"
  /** The policy has not said why. */
  | "unexplained"
  /** Its pages are on their way: moving them takes time. */
  | "moving";

/** Xen, its domains and its xenstore, in front of a policy. */
export interface Xen {
  /** Since the host's start. */
  readonly nowMs: number;
  /** All memory for domains. */
  readonly totalKib: number;
  /** Memory that nobody has; what is still to be scrubbed is in it. */
  readonly freeKib: number;
  /** Freed memory that waits to be scrubbed: part of `freeKib`. */
  readonly scrubKib: number;
  /** The keys of the domains. */
  readonly store: Store;
  /** Lists the domains in the order of their coming. */
  domains(): readonly Domain[];
  /** Finds a domain; undefined where there is none. */
  domain(domid: number): Domain | undefined;
  /** Limits what a domain may have (XEN_DOMCTL_max_mem). A domain that has more keeps it. */
  setMaxmem(domid: number, kib: number): void;
  /**
   * Remembers why a guest gets no more than it has; the newest reason holds until the next, null ends it.
   *
   * @throws RangeError: no such reason.
   */
  explain(domid: number, reason: Reason | null): void;
  /** False where nobody reads the log: a policy with much to say then need not say it. */
  readonly logs: boolean;
  /** Writes a line of the policy's log, in the daemon's own words and units. */
  log(line: string): void;
}
