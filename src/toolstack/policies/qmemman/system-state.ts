/** The state of a host as qmemman knows it, and the way it sets a domain's memory (qubes/qmemman/systemstate.py). Sizes are in bytes. */
import { MAXMEM_SLACK_KIB } from "../../maxmem.js";
import type { Reason, Xen } from "../../xen.js";
import { KEPT_FREE_BYTES, LEAST_FREE_BYTES } from "./constants.js";
import { type BalancedDomain, parseMeminfo, preferredBytes } from "./domain.js";

/** Xen's own tables for each page are not free: free and total memory are multiplied by this. */
const OVERHEAD_FACTOR = 1 / 1.00781;

/** A guest sees so much less than Xen counts for it: memory/target is lower by this. */
const UNSEEN_KIB = 16 * 1024;

/** The figures of a domain that qmemman remembers. */
export class DomainState implements BalancedDomain {
  readonly domid: number;
  /** The target that it got last: at first what it came with, 0 if with none. */
  lastTargetBytes: number;
  usedBytes: number | null = null;
  maxBytes = 0;
  actualBytes = 0;
  /** Memory that Xen counts for it. */
  currentBytes = 0;
  noProgress = false;
  /** It gave back less than it was told to (slow_memset_react). */
  slow = false;
  /** True for a domain whose memory is hot-plugged: it gets memory/static-max with each target. */
  hotplug = false;
  /** The reason that stands for it on the host. */
  reason: Reason | null = null;

  constructor(domid: number, lastTargetBytes: number) {
    this.domid = domid;
    this.lastTargetBytes = lastTargetBytes;
  }

  /** Memory that it may still take. */
  get promisedBytes(): number {
    return Math.max(0, this.lastTargetBytes - this.currentBytes);
  }
}

/** The domains of a host, in the order in which qmemman met them. */
export class SystemState {
  readonly xen: Xen;
  readonly #domains = new Map<number, DomainState>();
  readonly #allBytes: number;
  #promisedBytes = 0;

  constructor(xen: Xen) {
    this.xen = xen;
    this.#allBytes = Math.trunc(xen.totalKib * 1024 * OVERHEAD_FACTOR);
  }

  /** All domains. */
  get domains(): Iterable<DomainState> {
    return this.#domains.values();
  }

  /** Finds a domain; undefined where it has met none. */
  find(domid: number): DomainState | undefined {
    return this.#domains.get(domid);
  }

  /** Reads the list of domains: meets new ones, and forgets those that are gone. Returns the new ones. */
  readDomains(): readonly DomainState[] {
    const met: DomainState[] = [];
    const present = new Set<number>();
    for (const { domid } of this.xen.domains()) {
      present.add(domid);
      if (this.#domains.has(domid)) continue;
      const target = this.xen.store.read(domid, "memory/target");
      const domain = new DomainState(domid, target ? Number(target) * 1024 : 0);
      this.#domains.set(domid, domain);
      this.explain(domain, "not-reporting");
      met.push(domain);
    }
    for (const domid of this.#domains.keys()) {
      if (!present.has(domid)) this.#domains.delete(domid);
    }
    return met;
  }

  /** Takes the text that a domain wrote to memory/meminfo. */
  report(domain: DomainState, meminfo: string): void {
    domain.usedBytes = parseMeminfo(meminfo);
  }

  /** Looks at what each domain has, and may have. */
  refresh(): void {
    const { store } = this.xen;
    for (const { domid, totKib } of this.xen.domains()) {
      const domain = this.#domains.get(domid);
      if (domain === undefined) continue;
      domain.currentBytes = totKib * 1024;
      domain.actualBytes = Math.max(domain.currentBytes, domain.lastTargetBytes);
      const hotplugMax = store.read(domid, "memory/hotplug-max");
      const staticMax = hotplugMax || store.read(domid, "memory/static-max");
      // only dom0 has neither
      domain.maxBytes = staticMax ? Number(staticMax) * 1024 : this.#allBytes;
      if (staticMax) domain.hotplug = Boolean(hotplugMax);
    }
    this.#promisedBytes = 0;
    for (const domain of this.#domains.values()) this.#promisedBytes += domain.promisedBytes;
  }

  /** Free memory that was not promised to a domain. It may be below 0. */
  freeBytes(): number {
    const free = Math.trunc(this.xen.freeKib * 1024 * OVERHEAD_FACTOR);
    const problem =
      free < LEAST_FREE_BYTES
        ? "below acceptable value!"
        : free < this.#promisedBytes + LEAST_FREE_BYTES
          ? "too small to satisfy assignments!"
          : "";
    if (problem !== "") this.xen.log(`Xen free = ${free} ${problem} assigned_but_unused=${this.#promisedBytes}`);
    return free - this.#promisedBytes;
  }

  /**
   * Clears the marks of those who came near to their target, and of those who need more than they have: nobody shall
   * starve for an old mark.
   */
  clearOutdatedMarks(): void {
    for (const domain of this.#domains.values()) {
      if (domain.usedBytes === null) continue;
      const reacted = domain.actualBytes <= domain.lastTargetBytes + KEPT_FREE_BYTES / 2;
      if (!reacted && domain.actualBytes >= preferredBytes(domain)) continue;
      domain.slow = false;
      domain.noProgress = false;
    }
  }

  /**
   * Gives a domain a target: maxmem first, memory/static-max last. Xen's PoD target, which comes between, concerns guests
   * that have not touched their memory yet: there are none here. A domain that is gone is passed over.
   */
  memSet(domain: DomainState, bytes: number): void {
    const { domid } = domain;
    if (this.xen.logs) this.xen.log(`mem-set domain ${domid} to ${bytes}`);
    this.#promisedBytes -= domain.promisedBytes;
    domain.lastTargetBytes = bytes;
    this.#promisedBytes += domain.promisedBytes;
    if (this.xen.domain(domid) === undefined) return;
    const kib = Math.trunc(bytes / 1024);
    this.xen.setMaxmem(domid, kib + MAXMEM_SLACK_KIB);
    this.xen.store.write(domid, "memory/target", String(Math.trunc(bytes / 1024 - UNSEEN_KIB)));
    if (domain.hotplug) this.xen.store.write(domid, "memory/static-max", String(kib));
  }

  /** Tells the host why a domain gets no more, if that has changed. */
  explain(domain: DomainState, reason: Reason | null): void {
    if (domain.reason === reason) return;
    domain.reason = reason;
    this.xen.explain(domain.domid, reason);
  }
}
