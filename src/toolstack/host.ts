/**
 * A host: a machine, its guests with their demand, and the policy that decides their targets. Virtual time, one thread: the
 * same options always give the same run.
 */
import type { Pause } from "../clock/work.js";
import { ArgumentRangeError } from "../host/argument-error.js";
import type { MachineFactory } from "../host/backend.js";
import { messageOf } from "../host/thrown.js";
import type { Pages } from "../host/units.js";
import { World } from "../world/world.js";
import { checkHost } from "./check-host.js";
import { PAGE_KIB, populatedOnDemand } from "./guest-boot.js";
import { NO_SUMS } from "./guest-ledger.js";
import { HostClock } from "./host-clock.js";
import { HostStore } from "./host-store.js";
import { HostedGuest, type SpareFrames, type Surroundings } from "./hosted-guest.js";
import { MAXMEM_SLACK_KIB } from "./maxmem.js";
import type { HostGuest, HostOptions } from "./options.js";
import type { GuestOutcome, HostOutcome } from "./outcome.js";
import { PolicyRun } from "./policy-run.js";
import { requireReason } from "./reasons.js";
import { type StartingHost, StartRequests } from "./start-requests.js";
import { type HostSample, NOT_RUNNING, SLICES, TimeLineRecorder } from "./time-line.js";
import type { Reason, Xen } from "./xen.js";

/** The virtual time that a driver needs to move a page, in µs: the lower end of what was published for Xen. */
export const DEFAULT_US_PER_PAGE = 4.3;
/** How long a host runs unless it is told otherwise: a day. */
export const DEFAULT_SPAN_MS = 86_400_000;

/** Who wants to hear of a host while it runs. */
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
  /** The guests that run, by domid, in the order of their coming. */
  readonly #running = new Map<number, HostedGuest>();
  #domains: readonly HostedGuest[] = [];
  readonly #explained = new Map<number, Reason>();
  /** All that started, by name: those that have ended, too. */
  readonly #started = new Map<string, HostedGuest>();
  readonly #ended = new Map<string, GuestOutcome>();
  readonly #starts: StartRequests;
  readonly #timeLine = new TimeLineRecorder();
  readonly #sliceMs: number;
  /** Frames beyond the host's size that its machine has now. */
  #lentPages: Pages = 0;
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
    const sparePages = Math.max(0, ...this.#everyGuest.map((guest) => populatedOnDemand(guest, guest.minimumKib)));
    const hostPages = Math.floor(options.totalKib / PAGE_KIB) + sparePages;
    this.#world = new World(makeMachine, { hostPages, mfnBase: 0 }, this.#clock);
    this.#world.takeFrames(sparePages);
    this.#spare = { lend: (pages, boot) => this.#lend(pages, boot) };
    this.#store = new HostStore(
      options.totalKib,
      (domid) => this.#running.get(domid),
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
      usPerPage: options.usPerPage ?? DEFAULT_US_PER_PAGE,
      pressure: options.pressure ?? { shortage: "waits" },
      reasonOf: (domid) => this.#explained.get(domid) ?? null,
      reported: ({ domid }) => this.#policy.tell({ kind: "meminfo", domid }),
      moved: () => this.#sawFree(),
      ended: (guest, error) => this.#clock.at(this.nowMs, 0, () => this.#stop(guest, error.message)),
    };
    this.#lend(sparePages, () => this.#bootFirst());
    this.#policy.start(this.#xen);
    this.#planSlice(1);
  }

  /** Ms since the host's start. */
  get nowMs(): number {
    return this.#clock.now;
  }

  /** Domains that run, in the order of their coming. */
  get domains(): readonly HostedGuest[] {
    return this.#domains;
  }

  /** @throws RangeError: no guest of this name runs. */
  guest(name: string): HostedGuest {
    const guest = this.find(name);
    if (guest !== undefined) return guest;
    const running = this.#domains.map((each) => each.name).join(", ");
    throw new ArgumentRangeError("name", `a guest that runs: ${running || "there is none"}`, name);
  }

  get #freeKib(): number {
    return (this.#world.machine.freeFrames() - this.#lentPages) * PAGE_KIB;
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

  /** Sees to it that the machine has so many spare frames for the time of a boot, in which no time passes. */
  #lend<T>(pages: Pages, boot: () => T): T {
    const more = Math.max(0, pages - this.#lentPages);
    this.#world.giveFrames(more);
    this.#lentPages += more;
    try {
      return boot();
    } finally {
      this.#world.takeFrames(more);
      this.#lentPages -= more;
    }
  }

  /** Free memory has changed: one who is short may be so for another reason now. */
  #sawFree(): void {
    this.#timeLine.sawFree(this.#freeKib);
    for (const guest of this.#domains) guest.reasonChanged();
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
      domains: () => host.#domains,
      domain: (domid) => host.#running.get(domid),
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
        return host.#domains;
      },
      boot: (options, memoryKib) => this.#boot(options, this.#nextDomid++, memoryKib).domid,
      refused: (name, reason, words) => this.#listener.refused?.(name, reason, words),
    };
  }

  #setMaxmem(domid: number, kib: number): void {
    const guest = this.#running.get(domid);
    if (guest === undefined) throw new RangeError(`domid: expected a domain of the host, got ${domid}`);
    if (!(kib >= 0)) throw new RangeError(`maxmem of ${guest.name}: expected KiB, 0 or more, got ${kib}`);
    guest.setMaxmem(kib);
  }

  #explain(domid: number, reason: Reason | null): void {
    if (reason !== null) requireReason(reason);
    if ((this.#explained.get(domid) ?? null) === reason) return;
    if (reason === null) this.#explained.delete(domid);
    else this.#explained.set(domid, reason);
    this.#running.get(domid)?.reasonChanged();
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
    const { videoramKib = 0, balloons = true } = options;
    const store = this.#store;
    store.introduce(domid);
    const keys = {
      "memory/static-max": options.maximumKib,
      "memory/videoram": videoramKib,
      "memory/target": memoryKib - videoramKib,
      "memory/dynamic-min": options.minimumKib,
      "memory/dynamic-max": options.maximumKib,
    };
    for (const [key, kib] of Object.entries(keys)) store.set(domid, key, String(kib));
    // a guest with a driver has an agent, too: one without has neither
    if (balloons) for (const key of ["control/feature-balloon", "data/updated"]) store.set(domid, key, "1");
    const guest = this.#start(options, domid, memoryKib);
    this.#running.set(domid, guest);
    this.#domains = [...this.#running.values()];
    this.#started.set(options.name, guest);
    guest.setMaxmem(memoryKib + MAXMEM_SLACK_KIB);
    this.#sawFree();
    if (options.stopMs !== undefined) this.#clock.at(options.stopMs, 1, () => this.#stop(guest, null));
    this.#policy.tell({ kind: "introduced", domid });
    this.#listener.started?.(options.name, domid, memoryKib);
    return guest;
  }

  /** @throws Error that names the guest: its driver does not start, or its tables do not fit in memory. */
  #start(options: HostGuest, domid: number, memoryKib: number): HostedGuest {
    try {
      return new HostedGuest(options, domid, memoryKib, this.#around, this.#spare);
    } catch (cause) {
      this.#store.release(domid);
      throw new Error(`the guest ${options.name} does not boot: ${messageOf(cause)}`, { cause });
    }
  }

  #stop(guest: HostedGuest, problem: string | null): void {
    const { domid, name } = guest;
    if (this.#running.get(domid) !== guest) return;
    guest.close();
    this.#ended.set(name, guest.outcome(this.nowMs));
    this.#running.delete(domid);
    this.#domains = [...this.#running.values()];
    this.#explained.delete(domid);
    this.#store.release(domid);
    this.#sawFree();
    this.#policy.tell({ kind: "released", domid });
    this.#listener.stopped?.(name, problem);
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
    const guests = this.#everyGuest.map(({ name }) => this.find(name)?.sample ?? NOT_RUNNING);
    return { timeMs: this.nowMs, freeKib: this.#freeKib, guests };
  }

  /**
   * Finds the guest of that name; undefined where it does not run.
   *
   * @internal
   */
  find(name: string): HostedGuest | undefined {
    const guest = this.#started.get(name);
    return guest !== undefined && this.#running.has(guest.domid) ? guest : undefined;
  }

  get #everyGuest(): readonly HostGuest[] {
    const { dom0, guests } = this.#options;
    return dom0 === undefined ? guests : [dom0, ...guests];
  }

  /** Tells the outcome of the run, up to now. */
  outcome(): HostOutcome {
    const guests = this.#everyGuest.map((options) => {
      const guest = this.#started.get(options.name);
      return this.#ended.get(options.name) ?? guest?.outcome(this.nowMs) ?? notStarted(options);
    });
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
    for (const guest of this.#domains) guest.close();
  }
}

/** The outcome of a guest that nobody started. */
function notStarted({ name, minimumKib, maximumKib }: HostGuest): GuestOutcome {
  const moved = { targetWrites: 0, pagesOut: 0, pagesIn: 0, kills: 0 };
  return { name, domid: null, minimumKib, maximumKib, ...NO_SUMS, reasons: [], ...moved, ended: null };
}
