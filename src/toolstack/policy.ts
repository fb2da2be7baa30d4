/** The one interface of all policies: a daemon that waits, looks at the host, and writes targets. */
import type { DomainType, Reason, Xen } from "./xen.js";

/** A request to start a guest, which the toolstack answers once. Sizes in KiB. */
export interface StartRequest {
  /** The guest's name. */
  readonly name: string;
  /** How it will be virtualised. */
  readonly type: DomainType;
  /** Memory that it is to start with: `memory` of xl, the target of xapi and Qubes. */
  readonly memoryKib: number;
  /** The least that it can start with; equal to `memoryKib` where it cannot start with less. */
  readonly minimumKib: number;
  /** Its greatest size: maxmem, static-max. */
  readonly maximumKib: number;
  /** Video memory, which is part of `memoryKib`. */
  readonly videoramKib: number;
  /** Its virtual CPUs. */
  readonly vcpus: number;
  /** Starts the guest with so much memory: it is there, with its keys, when the call returns. Answers its domid. */
  grant(memoryKib: number): number;
  /** Refuses it. `words` are the toolstack's own. @throws RangeError: no such reason. */
  refuse(reason: Reason, words: string): void;
}

/** Something that happened to a domain. */
export interface DomainEvent {
  /**
   * `meminfo`: a guest has written memory/meminfo. `introduced`: a domain has come (@introduceDomain). `released`: a domain
   * has gone (@releaseDomain).
   */
  readonly kind: "meminfo" | "introduced" | "released";
  /** The domain. */
  readonly domid: number;
}

/** Somebody wants to start a guest. */
export interface StartEvent {
  /** Tells this event from those of a domain. */
  readonly kind: "start";
  /** The guest, and the answers. */
  readonly request: StartRequest;
}

/** Something that happens while a policy waits. */
export type PolicyEvent = DomainEvent | StartEvent;

/** A wait of a policy; the host goes on meanwhile. */
export interface Wait {
  /** Milliseconds, 0 or more; Infinity for an event whenever it comes. */
  readonly ms: number;
  /** True if the next event ends the wait. Events that come during other waits are kept for it, in order. */
  readonly forEvent: boolean;
}

/**
 * A part of a policy's work that may wait. It yields each wait, and gets the event that ended it, or null where its time
 * has passed.
 */
export type Task<T = void> = Generator<Wait, T, PolicyEvent | null>;

/** A policy: what decides the targets of a host's guests. */
export interface Policy {
  /** Names it in reports. */
  readonly name: string;
  /** The daemon's life: it is resumed until the run of the host ends. A policy that returns decides nothing any more. */
  run(xen: Xen): Task;
}

/**
 * Lets `ms` pass. Events that come meanwhile are kept.
 *
 * @param ms - 0 or more.
 * @example
 * const policy = {
 *   name: "every minute",
 *   *run(xen) {
 *     for (;;) {
 *       yield* sleep(60_000);
 *       xen.log(`${xen.freeKib} KiB are free`);
 *     }
 *   },
 * };
 */
export function* sleep(ms: number): Task {
  yield { ms, forEvent: false };
}

/**
 * Waits for the next event.
 *
 * @param ms - the longest wait. Default: Infinity, for ever.
 * @returns the event; null if none has come.
 * @example
 * const policy = {
 *   name: "refuses all",
 *   *run() {
 *     for (;;) {
 *       const event = yield* nextEvent();
 *       if (event.kind === "start") event.request.refuse("rest-zone", "not today");
 *     }
 *   },
 * };
 */
export function* nextEvent(ms: number = Number.POSITIVE_INFINITY): Task<PolicyEvent | null> {
  return yield { ms, forEvent: true };
}
