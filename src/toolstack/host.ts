/**
 * A host: a machine, its guests with their demand, and the policy that decides their targets. Virtual time, one thread: the
 * same options always give the same run.
 */
import type { Pause } from "../clock/work.js";
import type { MachineFactory } from "../host/backend.js";
import { messageOf } from "../host/thrown.js";
import { World } from "../world/world.js";
import { checkHost } from "./check-host.js";
import { PAGE_KIB, populatedOnDemand } from "./guest-boot.js";
import { HostClock } from "./host-clock.js";
import { HostGuests } from "./host-guests.js";
import type { HostListener } from "./host-listener.js";
import { HostStore } from "./host-store.js";
import { HostedGuest } from "./hosted-guest.js";
import type { HostGuest, HostOptions } from "./options.js";
import type { HostOutcome } from "./outcome.js";
import { PolicyRun } from "./policy-run.js";
import { requireReason } from "./reasons.js";
import { SpareFrames } from "./spare-frames.js";
import { type StartingHost, StartRequests } from "./start-requests.js";
import type { Surroundings } from "./surroundings.js";
import { type HostSample, SLICES, TimeLineRecorder } from "./time-line.js";
import type { Reason, Xen } from "./xen.js";

/** The virtual time that a driver needs to move a page, in µs: the lower end of what was published for Xen. */
export const DEFAULT_US_PER_PAGE = 4.3;
/** How long a host runs unless it is told otherwise: a day. */
export const DEFAULT_SPAN_MS = 86_400_000;

export class Host {
  readonly #options: HostOptions;
  readonly #clock = new HostClock();
  readonly #world: World;
  readonly #store: HostStore;
  readonly #policy: PolicyRun;
  readonly #xen: Xen;
  readonly #around: Surroundings;
  readonly #spare: SpareFrames;
  readonly #listener: HostListener;
  readonly #guests: HostGuests;
  readonly #explained = new Map<number, Reason>();
  readonly #starts: StartRequests;
  readonly #timeLine = new TimeLineRecorder();
  readonly #sliceMs: number;
  #nextDomid = 1;
  #targetWrites = 0;

  /**
   * @param makeMachine - of either engine; the modules of the guests' drivers must be there.
   * @throws RangeError: options that contradict each other (check-host.ts). Error: a guest that runs from the start does not
   * boot.
   */
  constructor(makeMachine: MachineFactory, options: HostOptions, listener: HostListener = {}) {
    checkHost(options);
    this.#options = options;
    this.#listener = listener;
    this.#guests = new HostGuests(options);
    const sparePages = Math.max(0, ...this.#guests.every.map((guest) => populatedOnDemand(guest, guest.minimumKib)));
    const hostPages = Math.floor(options.totalKib / PAGE_KIB) + sparePages;
    this.#world = new World(makeMachine, { hostPages, mfnBase: 0 }, this.#clock);
    this.#spare = new SpareFrames(this.#world, sparePages);
    this.#store = new HostStore(
      options.totalKib,
      (domid) => this.#guests.running(domid),
      (guest, kib) => this.#toldTarget(guest, kib),
    );
    this.#policy = new PolicyRun(options.policy, this.#clock, () => listener.progress?.(this.nowMs, null));
    this.#starts = new StartRequests(this.#startingHost(), this.#policy);
    this.#xen = this.#makeXen();
    this.#sliceMs = (options.spanMs ?? DEFAULT_SPAN_MS) / SLICES;
    this.#around = {
      world: this.#world,
      clock: this.#clock,
      store: this.#store,
      spare: this.#spare,
      usPerPage: options.usPerPage ?? DEFAULT_US_PER_PAGE,
      pressure: options.pressure ?? { shortage: "waits" },
      reasonOf: (domid) => this.#explained.get(domid) ?? null,
      reported: (domid) => this.#policy.tell({ kind: "meminfo", domid }),
      moved: () => this.#sawFree(),
      ended: (domid, error) => this.#clock.at(this.nowMs, 0, () => this.#stop(domid, error.message)),
    };
    this.#spare.lend(sparePages, () => this.#bootFirst());
    this.#policy.start(this.#xen);
    this.#planSlice(1);
  }

  /** Ms since the host's start. */
  get nowMs(): number {
    return this.#clock.now;
  }

  /** Domains that run, in the order of their coming. */
  get domains(): readonly HostedGuest[] {
    return this.#guests.domains;
  }

  /** @throws RangeError: no guest of this name runs. */
  guest(name: string): HostedGuest {
    return this.#guests.named(name);
  }

  get #freeKib(): number {
    return this.#spare.freeFrames * PAGE_KIB;
  }

  /** Lets time pass up to `untilMs`; it pauses after each thing that has happened. */
  runUntil(untilMs: number): Generator<Pause> {
    return this.#clock.runUntil(untilMs);
  }

  /** Boots the guests that run from the start, and plans the starts of the others. */
  #bootFirst(): void {
    const { dom0, guests } = this.#options;
    if (dom0 !== undefined) this.#boot(dom0, 0, dom0.memoryKib);
    for (const guest of guests) {
      if ((guest.startMs ?? 0) === 0) this.#boot(guest, this.#nextDomid++, guest.memoryKib);
      else this.#clock.at(guest.startMs as number, 1, () => this.#starts.ask(guest));
    }
  }

  /** Free memory has changed: one who is short may be so for another reason now. */
  #sawFree(): void {
    this.#timeLine.sawFree(this.#freeKib);
    for (const guest of this.domains) guest.reasonChanged();
  }

  #makeXen(): Xen {
    const host = this;
    return {
      store: this.#store,
      totalKib: this.#options.totalKib,
      scrubKib: 0,
      get nowMs() {
        return host.nowMs;
      },
      get freeKib() {
        return host.#freeKib;
      },
      get logs() {
        return host.#listener.logged !== undefined;
      },
      domains: () => host.domains,
      domain: (domid) => host.#guests.running(domid),
      setMaxmem: (domid, kib) => host.#setMaxmem(domid, kib),
      explain: (domid, reason) => host.#explain(domid, reason),
      log: (line) => host.#listener.logged?.(line),
    };
  }

  #startingHost(): StartingHost {
    const host = this;
    return {
      get nowMs() {
        return host.nowMs;
      },
      get freeKib() {
        return host.#freeKib;
      },
      get domains() {
        return host.domains;
      },
      boot: (options, memoryKib) => this.#boot(options, this.#nextDomid++, memoryKib).domid,
      refused: (name, reason, words) => this.#listener.refused?.(name, reason, words),
    };
  }

  #setMaxmem(domid: number, kib: number): void {
    const guest = this.#guests.running(domid);
    if (guest === undefined) throw new RangeError(`domid: expected a domain of the host, got ${domid}`);
    if (!(kib >= 0)) throw new RangeError(`maxmem of ${guest.name}: expected KiB, 0 or more, got ${kib}`);
    guest.setMaxmem(kib);
  }

  #explain(domid: number, reason: Reason | null): void {
    if (reason !== null) requireReason(reason);
    if ((this.#explained.get(domid) ?? null) === reason) return;
    if (reason === null) this.#explained.delete(domid);
    else this.#explained.set(domid, reason);
    this.#guests.running(domid)?.reasonChanged();
  }

  #toldTarget(guest: HostedGuest, kib: number): void {
    guest.targetWrites++;
    this.#targetWrites++;
    guest.toldKib = kib + (guest.options.videoramKib ?? 0);
    this.#listener.progress?.(this.nowMs, guest.domid);
    this.#listener.target?.(guest.name, guest.domid, kib);
  }

  /** Builds a domain as libxl does: its keys, its frames, then its kernel starts. */
  #boot(options: HostGuest, domid: number, memoryKib: number): HostedGuest {
    this.#store.introduceGuest(domid, options, memoryKib);
    const guest = this.#start(options, domid, memoryKib);
    this.#guests.add(guest);
    this.#sawFree();
    if (options.stopMs !== undefined) this.#clock.at(options.stopMs, 1, () => this.#stop(domid, null));
    this.#policy.tell({ kind: "introduced", domid });
    this.#listener.started?.(options.name, domid, memoryKib);
    return guest;
  }

  /** @throws Error that names the guest: its driver does not start, or its tables do not fit in memory. */
  #start(options: HostGuest, domid: number, memoryKib: number): HostedGuest {
    try {
      return new HostedGuest(options, domid, memoryKib, this.#around);
    } catch (cause) {
      this.#store.release(domid);
      throw new Error(`the guest ${options.name} does not boot: ${messageOf(cause)}`, { cause });
    }
  }

  #stop(domid: number, problem: string | null): void {
    const guest = this.#guests.running(domid);
    if (guest === undefined) return;
    guest.close();
    this.#guests.remove(guest, this.nowMs);
    this.#explained.delete(domid);
    this.#store.release(domid);
    this.#sawFree();
    this.#policy.tell({ kind: "released", domid });
    this.#listener.stopped?.(guest.name, problem);
  }

  #planSlice(number: number): void {
    if (number > SLICES) return;
    this.#clock.at(number * this.#sliceMs, 2, () => {
      const sample = this.sample();
      this.#timeLine.endSlice(sample);
      this.#listener.sliced?.(sample);
      this.#listener.progress?.(this.nowMs, null);
      this.#planSlice(number + 1);
    });
  }

  /** The host as it stands. */
  sample(): HostSample {
    return { timeMs: this.nowMs, freeKib: this.#freeKib, guests: this.#guests.samples() };
  }

  /**
   * Finds the guest of that name; undefined where it does not run.
   *
   * @internal
   */
  find(name: string): HostedGuest | undefined {
    return this.#guests.find(name);
  }

  /** Tells the outcome of the run, up to now. */
  outcome(): HostOutcome {
    const guests = this.#guests.outcomes(this.nowMs);
    return {
      policy: this.#options.policy.name,
      totalKib: this.#options.totalKib,
      spanMs: this.nowMs,
      usPerPage: this.#around.usPerPage,
      guests,
      starts: [...this.#starts.outcomes],
      timeLine: this.#timeLine.timeLine(),
      targetWrites: this.#targetWrites,
      pagesMoved: guests.reduce((pages, { pagesIn, pagesOut }) => pages + pagesIn + pagesOut, 0),
      policyFailure: this.#policy.failure,
    };
  }

  /** Closes all guests. */
  close(): void {
    for (const guest of this.domains) guest.close();
  }
}
