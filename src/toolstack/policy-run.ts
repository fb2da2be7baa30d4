/** Runs a policy: resumes it when its wait is over or an event comes, and ends it where it fails. */
import { messageOf } from "../host/thrown.js";
import type { HostClock } from "./host-clock.js";
import type { Policy, PolicyEvent, Task, Wait } from "./policy.js";
import type { Xen } from "./xen.js";

/** A policy that lets no time pass for so many waits will never let any pass. */
const MOST_WAITS_AT_ONCE = 100_000;

export class PolicyRun {
  readonly #policy: Policy;
  readonly #clock: HostClock;
  readonly #resumed: () => void;
  readonly #events: PolicyEvent[] = [];
  #task: Task | null = null;
  #wait: Wait = { ms: Number.POSITIVE_INFINITY, forEvent: false };
  /** Counts the waits: a timer is void when its wait is over. */
  #waits = 0;
  #waitsSince = { timeMs: -1, waits: 0 };
  #wakeUp = false;
  /** Why it runs no more, in a sentence; null while it runs. */
  failure: string | null = null;

  /** @param resumed - called before each turn of the policy. */
  constructor(policy: Policy, clock: HostClock, resumed: () => void) {
    this.#policy = policy;
    this.#clock = clock;
    this.#resumed = resumed;
  }

  get ended(): boolean {
    return this.#task === null;
  }

  /** Starts it: its first turn is made as soon as time passes. */
  start(xen: Xen): void {
    this.#clock.at(this.#clock.now, 2, () => {
      try {
        this.#task = this.#policy.run(xen);
      } catch (error) {
        this.#fail(messageOf(error));
        return;
      }
      this.#resume(null);
    });
  }

  /** Tells it an event, now or when it next waits for one. */
  tell(event: PolicyEvent): void {
    if (this.failure !== null) return;
    this.#events.push(event);
    if (!this.#wait.forEvent || this.#wakeUp || this.#task === null) return;
    this.#wakeUp = true;
    const wait = this.#waits;
    this.#clock.at(this.#clock.now, 2, () => {
      this.#wakeUp = false;
      if (wait === this.#waits) this.#resume(this.#events.shift() ?? null);
    });
  }

  #resume(first: PolicyEvent | null): void {
    if (this.#task === null) return;
    let event = first;
    for (;;) {
      const wait = this.#next(event);
      if (wait === null) return;
      this.#wait = wait;
      this.#waits++;
      if (wait.forEvent && this.#events.length > 0) {
        event = this.#events.shift() as PolicyEvent;
        continue;
      }
      if (wait.ms === Number.POSITIVE_INFINITY) return;
      const number = this.#waits;
      this.#clock.at(this.#clock.now + wait.ms, 2, () => {
        if (number === this.#waits) this.#resume(null);
      });
      return;
    }
  }

  /** One turn of the policy: its next wait, or null where it has ended. */
  #next(event: PolicyEvent | null): Wait | null {
    this.#resumed();
    try {
      const step = (this.#task as Task).next(event);
      if (step.done) {
        this.#task = null;
        return null;
      }
      this.#requireProgress();
      return waitOf(step.value);
    } catch (error) {
      this.#fail(messageOf(error));
      return null;
    }
  }

  #requireProgress(): void {
    const { now } = this.#clock;
    if (this.#waitsSince.timeMs !== now) this.#waitsSince = { timeMs: now, waits: 0 };
    if (this.#waitsSince.waits++ < MOST_WAITS_AT_ONCE) return;
    throw new Error(`it has waited ${MOST_WAITS_AT_ONCE} times without letting time pass`);
  }

  #fail(problem: string): void {
    this.#task = null;
    this.failure = `${this.#policy.name} failed at ${this.#clock.now} ms: ${problem}`;
  }
}

/** @throws TypeError: what the policy has yielded is no wait. */
function waitOf(value: unknown): Wait {
  const { ms, forEvent = false } = (value ?? {}) as Partial<Wait>;
  if (typeof ms === "number" && ms >= 0 && typeof forEvent === "boolean") return { ms, forEvent };
  throw new TypeError(`a wait: expected { ms: 0 or more, forEvent: true or false }, got ${JSON.stringify(value)}`);
}
