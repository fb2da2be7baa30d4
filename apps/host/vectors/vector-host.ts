/** A host of vector guests: it advances in ticks of 100 ms, and drives the tasks of a policy. */
import { XenStore } from "xen-balloon/core";
import type { Domain, PolicyEvent, Reason, Task, Xen } from "xen-balloon/toolstack";
import { VectorGuest, type VectorGuestOptions, wholePages } from "./vector-guest.js";

const TICK_MS = 100;

/** Something that a policy wrote. */
export interface Write {
  readonly tMs: number;
  readonly domid: number;
  /** `maxmem`, or a key of xenstore. */
  readonly key: string;
  /** In KiB for maxmem; null for a key that was removed. */
  readonly value: string | number | null;
}

/** The options of a host. */
export interface VectorHostOptions {
  readonly totalKib: number;
  /** In the order of their coming, in which they also move. */
  readonly guests: readonly VectorGuestOptions[];
  /** True where everything moves in whole pages, and Xen counts in them. Default: false. */
  readonly inPages?: boolean;
  /** Added to memory/target for the guest's own target. Default: 0. */
  readonly targetOffsetKib?: number;
  /** The keys whose writes are kept besides maxmem. Default: none. */
  readonly keysKept?: readonly string[];
}

/** Something that a script wants to happen at a time. */
interface Planned {
  readonly atMs: number;
  readonly happen: () => void;
}

/** A host of vector guests. */
export class VectorHost implements Xen {
  readonly totalKib: number;
  readonly store: XenStore = new XenStore();
  readonly guests: VectorGuest[] = [];
  readonly logLines: string[] = [];
  readonly explanations: Map<number, Reason> = new Map();
  readonly logs = true;
  /** Part of free memory, by a script's word. */
  scrubKib = 0;
  #nowMs = 0;
  #takenKib = 0;
  #planned: Planned[] = [];
  #writes: Write[] = [];
  /** True while a policy is at work: its writes are kept, not those of a script. */
  #driving = false;
  readonly #events: PolicyEvent[] = [];
  readonly #inPages: boolean;
  readonly #targetOffsetKib: number;
  readonly #keysKept: readonly string[];

  constructor(options: VectorHostOptions) {
    this.totalKib = options.totalKib;
    this.#inPages = options.inPages ?? false;
    this.#targetOffsetKib = options.targetOffsetKib ?? 0;
    this.#keysKept = options.keysKept ?? [];
    for (const guest of options.guests) this.introduce(guest);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get freeKib(): number {
    const free = this.exactFreeKib;
    return this.#inPages ? wholePages(free) : free;
  }

  /** Free memory, not rounded to pages. */
  get exactFreeKib(): number {
    let free = this.totalKib - this.#takenKib;
    for (const guest of this.guests) free -= guest.actualKib;
    return free;
  }

  domains(): readonly Domain[] {
    return this.guests;
  }

  domain(domid: number): Domain | undefined {
    return this.guests.find((guest) => guest.domid === domid);
  }

  setMaxmem(domid: number, kib: number): void {
    this.guest(domid).maxmemKib = kib;
    this.#keep(domid, "maxmem", kib);
  }

  explain(domid: number, reason: Reason | null): void {
    if (reason === null) this.explanations.delete(domid);
    else this.explanations.set(domid, reason);
  }

  log(line: string): void {
    this.logLines.push(line);
  }

  /** Finds a guest. @throws RangeError - there is none */
  guest(domid: number): VectorGuest {
    const guest = this.guests.find((candidate) => candidate.domid === domid);
    if (guest === undefined) throw new RangeError(`domid: expected a guest of the case, got ${domid}`);
    return guest;
  }

  /** Adds a guest, which watches memory/target from then on. */
  introduce(options: VectorGuestOptions): void {
    const guest = new VectorGuest(options, this.#inPages);
    const { domid } = guest;
    this.guests.push(guest);
    this.store.introduce(domid);
    this.store.watch(domid, "memory/target", (value) => {
      if (value !== undefined) guest.targetKib = Number(value) + this.#targetOffsetKib;
    });
    for (const key of this.#keysKept) this.store.watch(domid, key, (value) => this.#keep(domid, key, value ?? null));
  }

  /** Takes so much of the free memory for good; below 0: gives it back. */
  take(kib: number): void {
    this.#takenKib += kib;
  }

  /** Plans something for so many ms from now. It happens after the tick that ends there. */
  plan(ms: number, happen: () => void): void {
    this.#planned.push({ atMs: this.#nowMs + ms, happen });
    this.#planned.sort((a, b) => a.atMs - b.atMs);
  }

  /** Tells the policy of an event. */
  post(event: PolicyEvent): void {
    this.#events.push(event);
  }

  /** Tells what the policy wrote since the last call, in order. */
  takeWrites(): readonly Write[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#advanceWhile(this.#nowMs + ms, () => true);
  }

  /**
   * Drives a task to its end; its waits let time pass.
   *
   * @param untilMs - a wait for an event that would end later, with no event to end it, ends the drive: the time until
   * then passes, and the task is not resumed. Default: now
   * @returns what the task returned, undefined if it was left.
   */
  drive<T>(task: Task<T>, untilMs: number = this.#nowMs): T | undefined {
    let event: PolicyEvent | null = null;
    for (;;) {
      this.#driving = true;
      const step = task.next(event);
      this.#driving = false;
      if (step.done) return step.value;
      const { ms, forEvent } = step.value;
      const endMs = this.#nowMs + ms;
      this.#advanceWhile(forEvent ? Math.min(endMs, untilMs) : endMs, () => !forEvent || this.#events.length === 0);
      event = forEvent ? (this.#events.shift() ?? null) : null;
      if (forEvent && event === null && endMs > untilMs) return undefined;
    }
  }

  #advanceWhile(endMs: number, goesOn: () => boolean): void {
    while (goesOn()) {
      const [next] = this.#planned;
      if (next !== undefined && next.atMs <= this.#nowMs) {
        this.#planned.shift();
        next.happen();
        continue;
      }
      if (this.#nowMs >= endMs) return;
      const stopMs = Math.min(endMs, next?.atMs ?? endMs);
      if (this.guests.some((guest) => guest.distanceKib !== 0)) this.#tick(Math.min(TICK_MS, stopMs - this.#nowMs));
      else this.#nowMs = stopMs;
    }
  }

  /** Moves all who give, then all who take; each in the order of the list. */
  #tick(ms: number): void {
    this.#nowMs += ms;
    for (const guest of this.guests) {
      if (guest.distanceKib < 0) guest.actualKib += guest.stepKib(this.#nowMs, ms);
    }
    let free = this.exactFreeKib;
    for (const guest of this.guests) {
      if (guest.distanceKib <= 0) continue;
      const step = Math.min(guest.stepKib(this.#nowMs, ms), Math.max(0, free));
      guest.actualKib += step;
      free -= step;
    }
  }

  #keep(domid: number, key: string, value: string | number | null): void {
    if (this.#driving) this.#writes.push({ tMs: this.#nowMs, domid, key, value });
  }
}
