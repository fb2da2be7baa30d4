/**
 * A guest of a host: the engine's driver behind the keys of a xenstore, and programs that want memory. Three sizes that are
 * not the same stay apart: Xen's count of its pages (`totKib`), the driver's current_pages, and the memory in use that it
 * reports.
 */

import { drain, UNLIMITED } from "../clock/scheduler.js";
import type { Pages } from "../host/units.js";
import type { WorldGuest } from "../world/guest.js";
import { BalloonWatch } from "./guest/balloon-watch.js";
import { DriverAttributes } from "./guest/driver-attributes.js";
import { MeminfoReports } from "./guest/meminfo-reports.js";
import { type SysfsFile, sysfsFiles } from "./guest/sysfs.js";
import { configOf, PAGE_KIB, populatedOnDemand } from "./guest-boot.js";
import { GuestLedger, type GuestSituation } from "./guest-ledger.js";
import { GuestPages } from "./guest-pages.js";
import { HeldPages } from "./held-pages.js";
import type { Mover, Piece } from "./host-clock.js";
import { MAXMEM_SLACK_KIB } from "./maxmem.js";
import type { MemoryUse } from "./memory-use.js";
import type { HostGuest } from "./options.js";
import type { GuestOutcome } from "./outcome.js";
import { Programs } from "./programs.js";
import type { Surroundings } from "./surroundings.js";
import type { GuestSample } from "./time-line.js";
import type { Domain, DomainType, Reason } from "./xen.js";

export class HostedGuest implements Domain, Mover {
  readonly options: HostGuest;
  readonly domid: number;
  readonly type: DomainType;
  readonly shadowKib: number = 0;
  maxmemKib: number;
  /** Its memory/target with its video memory, in KiB: what it was told to hold. */
  toldKib: number;
  targetWrites = 0;
  readonly #around: Surroundings;
  readonly #videoKib: number;
  readonly #guest: WorldGuest;
  readonly #attributes: DriverAttributes;
  readonly #pages: GuestPages;
  readonly #held: HeldPages;
  readonly #programs: Programs;
  readonly #use: MemoryUse;
  /** Null where it does not report. */
  readonly #reports: MeminfoReports | null;
  readonly #ledger: GuestLedger;
  #bookedReason: Reason = "unexplained";
  /** Its boot is done. */
  #running = false;
  #gone = false;
  #error: Error | null = null;

  /**
   * Boots the guest with `memoryKib`, video memory included. Its node of the xenstore must have its keys. Its driver has
   * come to its first target when this returns: that takes no time.
   *
   * @throws BalloonError, RangeError - it does not boot; nothing has changed then.
   */
  constructor(options: HostGuest, domid: number, memoryKib: number, around: Surroundings) {
    const { world, clock, spare, pressure } = around;
    this.options = options;
    this.domid = domid;
    this.type = options.type;
    this.#around = around;
    this.#videoKib = options.videoramKib ?? 0;
    this.toldKib = memoryKib;
    const config = configOf(options, memoryKib);
    const ended = (error: Error): void => {
      this.#error = error;
      around.ended(domid, error);
    };
    this.maxmemKib = memoryKib + MAXMEM_SLACK_KIB;
    this.#guest = spare.lend(populatedOnDemand(options, memoryKib), () => {
      const guest = clock.boots(this, () => world.boot(config, [{ ended }]));
      // as libxl builds a domain, the limit is there before its kernel runs: a driver may want more than its memory
      guest.enter((backend) => backend.setMaxPages(this.#pagesOf(this.maxmemKib)));
      this.#listen(guest);
      drain(guest.work.start(UNLIMITED));
      return guest;
    });
    world.takeFrames(this.#videoKib / PAGE_KIB);
    this.#attributes = new DriverAttributes(this.#guest);
    this.#pages = new GuestPages(this.#guest);
    this.#held = new HeldPages(this.#guest);
    const lives = (): boolean => !this.#gone && this.#error === null;
    this.#programs = new Programs(options.demand, pressure, clock, lives, () => this.#afterUse());
    this.#use = this.#programs.use;
    const look = () => ({ currentPages: this.#pages.current, usedKib: this.#use.reportedKib });
    const isSilent = options.reports === false || options.balloons === false;
    this.#reports = isSilent ? null : new MeminfoReports(clock, look, lives, (meminfo) => this.#report(meminfo));
    this.#use.have(clock.now, this.#pages.capacity * PAGE_KIB);
    this.#ledger = new GuestLedger(options.minimumKib, clock.now, this.#situation);
    this.#running = true;
    this.#afterUse();
    this.#programs.planDemand();
  }

  get name(): string {
    return this.options.name;
  }

  /** Its frames and its video memory, in KiB. */
  get totKib(): number {
    return this.#pages.total * PAGE_KIB + this.#videoKib;
  }

  /** Pages that its driver has given back. */
  get pagesOut(): Pages {
    return this.#pages.out;
  }

  /** Memory that its driver has above its target, in KiB. */
  get toGiveKib(): number {
    const { target_pages, current_pages } = this.#guest.stats();
    return Math.max(0, current_pages - target_pages) * PAGE_KIB;
  }

  get demandKib(): number {
    return this.#use.demandKib;
  }

  get residentKib(): number {
    return this.#use.residentKib;
  }

  /** The memory that it wants, has, holds and was told to hold. */
  get sample(): GuestSample {
    const { demandKib: usedKib, residentKib, shortKib } = this.#use;
    const reason = shortKib > 0 ? this.#reason : null;
    return { usedKib, residentKib, heldKib: this.totKib, targetKib: this.toldKib, reason };
  }

  /** The guest with its driver and its tables, for who wants to look at its pages. Only the host may change it. */
  get inside(): WorldGuest {
    return this.#guest;
  }

  /** Registers the driver's watch of memory/target, which fires at once. */
  #listen(guest: WorldGuest): void {
    const { options, type, domid } = this;
    if (options.balloons === false) return;
    const { store } = this.#around;
    const watch = new BalloonWatch({
      generation: options.driver,
      sameCount: type === "pv" || domid === 0,
      read: (key) => store.read(domid, key),
      counts: () => {
        const { target_pages, current_pages } = guest.stats();
        return { targetPages: target_pages, currentPages: current_pages };
      },
    });
    store.watch(domid, "memory/target", (value) => {
      const pages = watch.event(value);
      if (pages === null || this.#gone || this.#error !== null) return;
      guest.setTarget(pages);
      if (this.#running) this.#book();
    });
  }

  /** The attributes of its driver in sysfs, as files below /sys/devices/system/xen_memory/xen_memory0. */
  sysfs(): Readonly<Record<string, SysfsFile>> {
    return sysfsFiles(this.options.driver, this.#attributes);
  }

  /** Limits the domain, in KiB with its video memory. */
  setMaxmem(kib: number): void {
    this.maxmemKib = kib;
    this.#pages.setLimit(this.#pagesOf(kib));
  }

  /** The frames of a maxmem, which counts its video memory. */
  #pagesOf(maxmemKib: number): Pages {
    return Math.max(0, Math.floor((maxmemKib - this.#videoKib) / PAGE_KIB));
  }

  nextPiece(): Piece {
    const { usPerPage, world } = this.#around;
    return this.#pages.nextPiece(usPerPage, world.machine.freeFrames(), this.#held.pages);
  }

  moved(): void {
    if (this.#error !== null) return;
    if (!this.#pages.countMoved()) {
      // a driver that could not move waits now
      if (this.#use.shortKib > 0) this.#book();
      return;
    }
    this.#use.have(this.#around.clock.now, this.#pages.capacity * PAGE_KIB);
    this.#afterUse();
    this.#around.moved();
  }

  /** The memory in use may have changed: its pages are taken or freed, and the guest looks at it and reports. */
  #afterUse(): void {
    this.#held.hold(Math.ceil(this.#use.keptKib / PAGE_KIB));
    this.#book();
    this.#programs.planChange();
    this.#reports?.plan();
  }

  #book(): void {
    const situation = this.#situation;
    this.#bookedReason = situation.reason;
    this.#ledger.enter(this.#around.clock.now, situation);
  }

  get #situation(): GuestSituation {
    const { demandKib, residentKib, shortKib } = this.#use;
    return { demandKib, residentKib, heldKib: this.totKib, reason: shortKib > 0 ? this.#reason : "unexplained" };
  }

  get #freeKib(): number {
    return this.#around.world.machine.freeFrames() * PAGE_KIB;
  }

  /** Why the guest has no more memory than it has. */
  get #reason(): Reason {
    const { work, backend, threadState } = this.#guest;
    const { clock, world, reasonOf } = this.#around;
    if (this.options.balloons === false) return "not-reporting";
    const { target_pages, current_pages } = backend.stats();
    if (target_pages > current_pages) {
      if (clock.isMoving(work) || work.isBusy(clock.now)) return "moving";
      if (world.machine.freeFrames() === 0) return "host-empty";
      if (this.#pages.isAtLimit) return "maxmem";
      return work.due === null || threadState === "ecanceled" ? "gave-up" : "back-off";
    }
    if (this.totKib >= this.options.maximumKib - PAGE_KIB) return "maxmem";
    const told = reasonOf(this.domid) ?? "unexplained";
    // there is memory again, and the policy has not looked since
    return told === "host-empty" && this.#freeKib >= this.#use.shortKib ? "next-turn" : told;
  }

  /** The reason of a shortage may be another from now on. */
  reasonChanged(): void {
    if (this.#use.shortKib > 0 && this.#reason !== this.#bookedReason) this.#book();
  }

  #report(meminfo: string): void {
    this.#around.store.write(this.domid, "memory/meminfo", meminfo);
    this.#around.reported(this.domid);
  }

  /** Shuts the guest down; its frames go back. */
  close(): void {
    if (this.#gone) return;
    this.#book();
    this.#gone = true;
    this.#guest.close();
    this.#around.world.giveFrames(this.#videoKib / PAGE_KIB);
  }

  /** Tells its outcome, up to now or to its end. */
  outcome(nowMs: number): GuestOutcome {
    const { name, minimumKib, maximumKib } = this.options;
    return {
      name,
      domid: this.domid,
      minimumKib,
      maximumKib,
      ...this.#ledger.sumsAt(nowMs),
      targetWrites: this.targetWrites,
      pagesOut: this.#pages.out,
      pagesIn: this.#pages.in,
      kills: this.#use.kills,
      ended: this.#error?.message ?? null,
    };
  }
}
