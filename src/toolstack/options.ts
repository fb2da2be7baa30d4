/** The parts of a host: its size, its guests with their demand, a policy, and the models of pressure and time. */

import type { BootOptions } from "../api/types.js";
import type { Generation } from "../host/generation.js";
import type { Policy } from "./policy.js";
import type { DomainType } from "./xen.js";

/** Memory that a guest's programs and kernel want from `timeMs` on, until the next point. */
export interface DemandPoint {
  /** Since the host's start. */
  readonly timeMs: number;
  /** In KiB, 0 or more. */
  readonly usedKib: number;
}

/** The effect of a shortage of memory on a guest, and how hard its driver may press. */
export interface Pressure {
  /**
   * `waits`: programs wait for the memory that is missing. `swaps`: it is on disk, and goes out and comes back at
   * `swapKibPerSecond`. `kills`: after `killAfterMs` of shortage the OOM killer ends programs, until the next point of the
   * demand.
   */
  readonly shortage: "waits" | "swaps" | "kills";
  /** Share of the memory without use that is page cache, which one turn of the driver does not get: 0 to 1. Default: 0. */
  readonly cacheShare?: number;
  /** Share of the memory in use that the driver may push out: 0 to 1. Default: 0. */
  readonly pressShare?: number;
  /** For `swaps`: KiB a second. Default: 102,400. */
  readonly swapKibPerSecond?: number;
  /** For `kills`: ms of shortage before the killer comes. Default: 10,000. */
  readonly killAfterMs?: number;
  /** For `kills`: share of the memory in use that one kill frees, above 0 to 1. Default: 0.25. */
  readonly killShare?: number;
}

/** A guest of a host. Sizes in KiB, multiples of 4. */
export interface HostGuest {
  /** One word, once on the host. */
  readonly name: string;
  /** How it is virtualised. */
  readonly type: DomainType;
  /** The generation of its driver. */
  readonly driver: Generation;
  /** Its size at its start, video memory included. */
  readonly memoryKib: number;
  /** The least that a policy with minima leaves it: dynamic-min of xapi. */
  readonly minimumKib: number;
  /** Its greatest size, video memory included: static-max. */
  readonly maximumKib: number;
  /** Default: 0. */
  readonly videoramKib?: number;
  /** Default: 1. */
  readonly vcpus?: number;
  /** One or more points, ascending in time, the first at 0 or before the guest's start. */
  readonly demand: readonly DemandPoint[];
  /** When somebody asks to start it; 0: it runs when the policy comes. Default: 0. */
  readonly startMs?: number;
  /** When it shuts down. Default: never. */
  readonly stopMs?: number;
  /** False: it has no balloon driver that listens, and no agent. Default: true. */
  readonly balloons?: boolean;
  /** False: it does not report its memory in use. Default: true. */
  readonly reports?: boolean;
  /**
   * The options of its boot where a boot log tells them; `driver` and `domain` are taken from above. Default: a pv guest has
   * its memory backed, and the rest of its greatest size is an extra region, which starts in the balloon; any other guest
   * sees its greatest size, and its driver gives back at once what is not its memory.
   */
  readonly boot?: BootOptions;
}

/** A host. */
export interface HostOptions {
  /** Memory for all domains, in KiB. */
  readonly totalKib: number;
  /** Decides the targets: one of this package's, or your own. */
  readonly policy: Policy;
  /** The guests that run from the start have to fit. */
  readonly guests: readonly HostGuest[];
  /** The control domain, domid 0. Default: it takes no part, and its memory is not in `totalKib`. */
  readonly dom0?: HostGuest;
  /** Virtual time that a driver needs to move a page, in µs: 4.3 to 86 were published for Xen. 0: none. Default: 4.3. */
  readonly usPerPage?: number;
  /** Default: `waits`, no cache, no pressing. */
  readonly pressure?: Pressure;
  /** How long it is to run, in ms: the time line has its slices by it. Default: 86,400,000, a day. */
  readonly spanMs?: number;
}
