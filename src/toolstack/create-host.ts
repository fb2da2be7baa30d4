/** The public face of a host: its run does not block the event loop, and its events can be listened to. */
import { Emitter } from "../api/events.js";
import { drive } from "../clock/drive.js";
import { Mutex } from "../clock/mutex.js";
import { WasmMachine } from "../engine/machine.js";
import type { EngineModules } from "../engine/modules.js";
import { ArgumentTypeError } from "../host/argument-error.js";
import { describe, wholeNumber } from "../host/arguments.js";
import type { SysfsFile } from "./guest/sysfs.js";
import { DEFAULT_SPAN_MS, Host } from "./host.js";
import type { HostOptions } from "./options.js";
import type { HostOutcome } from "./outcome.js";
import type { Domain, Reason } from "./xen.js";

/** The options of createHost. */
export interface CreateHostOptions extends HostOptions {
  /** The engine's modules, which loadModules of `xen-balloon` compiles. */
  readonly wasm: EngineModules;
}

/** Something that happens to a guest of a host. */
export interface HostedGuestEvent {
  /** Ms since the host's start. */
  readonly nowMs: number;
  /** The guest's name. */
  readonly name: string;
}

/** A guest has started. */
export interface GuestStartedEvent extends HostedGuestEvent {
  /** The number of its domain. */
  readonly domid: number;
  /** Its memory at the start, in KiB. */
  readonly memoryKib: number;
}

/** The policy has refused to start a guest. */
export interface StartRefusedEvent extends HostedGuestEvent {
  /** The reason, in the words of this package. */
  readonly reason: Reason;
  /** The same in the toolstack's own words. */
  readonly words: string;
}

/** A guest has ended. */
export interface GuestStoppedEvent extends HostedGuestEvent {
  /** The message of a BUG_ON or a panic; null where it shut down. */
  readonly problem: string | null;
}

/** Somebody has written memory/target. */
export interface TargetEvent extends HostedGuestEvent {
  /** The number of its domain. */
  readonly domid: number;
  /** The target, in KiB. */
  readonly kib: number;
}

/** The policy has written a line of its log. */
export interface PolicyLogEvent {
  /** Ms since the host's start. */
  readonly nowMs: number;
  /** The line, in the daemon's own words and units. */
  readonly line: string;
}

/** The events of a host, by name. */
export interface HostEvents {
  /** A guest has started. */
  started: GuestStartedEvent;
  /** The policy has refused to start a guest. */
  refused: StartRefusedEvent;
  /** A guest has ended. */
  stopped: GuestStoppedEvent;
  /** Somebody has written memory/target. */
  target: TargetEvent;
  /** The policy has written a line of its log. */
  log: PolicyLogEvent;
}

const EVENTS: readonly (keyof HostEvents)[] = ["started", "refused", "stopped", "target", "log"];

/**
 * Makes a host: a machine, its guests with the engine's drivers, their demand, and the policy that decides their targets.
 * Time is virtual; the same options always give the same run.
 *
 * @param options - see CreateHostOptions.
 * @throws TypeError, RangeError: an option out of range, guests that do not fit at the start. BalloonError: a guest does not
 * boot.
 * @example
 * const host = createHost({
 *   wasm: await loadModules(),
 *   totalKib: 4 * 2 ** 20,
 *   policy: squeezed(),
 *   guests: [
 *     {
 *       name: "web",
 *       type: "pv",
 *       driver: "2013",
 *       memoryKib: 2 ** 20,
 *       minimumKib: 2 ** 19,
 *       maximumKib: 2 ** 21,
 *       demand: [{ timeMs: 0, usedKib: 600_000 }],
 *     },
 *   ],
 *   spanMs: 3_600_000,
 * });
 * await host.run();
 * console.log(host.outcome().guests[0].shortMs);
 */
export function createHost(options: CreateHostOptions): BalloonHost {
  return new BalloonHost(options);
}

/**
 * A host of many guests. Made by `createHost`.
 *
 * @group Classes
 * @example
 * await host.run();
 * console.log(host.outcome().targetWrites);
 */
export class BalloonHost {
  readonly #host: Host;
  readonly #spanMs: number;
  readonly #events = new Emitter<HostEvents>();
  readonly #driving = new Mutex();

  /** @internal use `createHost` */
  constructor(given: CreateHostOptions) {
    if (typeof given?.wasm?.xen !== "object") {
      throw new ArgumentTypeError("wasm", "the modules that loadModules compiles", describe(given?.wasm));
    }
    const { wasm, ...options } = given;
    const events = this.#events;
    const now = (): number => this.#host?.nowMs ?? 0;
    const logged = (line: string): void => events.keep("log", { nowMs: now(), line });
    this.#spanMs = options.spanMs ?? DEFAULT_SPAN_MS;
    this.#host = new Host((hostPages, mfnBase) => new WasmMachine(wasm, hostPages, mfnBase), options, {
      started: (name, domid, memoryKib) => events.keep("started", { nowMs: now(), name, domid, memoryKib }),
      refused: (name, reason, words) => events.keep("refused", { nowMs: now(), name, reason, words }),
      stopped: (name, problem) => events.keep("stopped", { nowMs: now(), name, problem }),
      target: (name, domid, kib) => {
        if (events.hears("target")) events.keep("target", { nowMs: now(), name, domid, kib });
      },
      // nobody writes a line that nobody reads
      get logged() {
        return events.hears("log") ? logged : undefined;
      },
    });
  }

  /**
   * Tells the ms since the host's start.
   *
   * @example
   * console.log(host.nowMs);
   */
  get nowMs(): number {
    return this.#host.nowMs;
  }

  /**
   * Lists the domains that run, dom0 first, as Xen tells of them.
   *
   * @example
   * for (const { domid, totKib } of host.domains) console.log(domid, totKib);
   */
  get domains(): readonly Domain[] {
    return this.#host.domains;
  }

  /**
   * Listens to an event.
   *
   * @param name - of the event.
   * @param listener - hears it, after the moment in which it happened.
   * @returns a function that ends it.
   * @throws TypeError: no such event, or the listener is no function.
   * @example
   * host.on("refused", ({ name, words }) => console.log(`${name} cannot start: ${words}`));
   */
  on<Name extends keyof HostEvents>(name: Name, listener: (event: HostEvents[Name]) => void): () => void {
    if (!EVENTS.includes(name))
      throw new ArgumentTypeError("name", `an event named ${EVENTS.join(", ")}`, String(name));
    if (typeof listener !== "function") throw new ArgumentTypeError("listener", "a function", typeof listener);
    return this.#events.on(name, listener);
  }

  /**
   * Runs to the end of the span. Other work of the thread gets its turn every few milliseconds.
   *
   * @param signal - ends the run between two things that happen; the next call goes on.
   * @throws the signal's reason.
   * @example
   * await host.run();
   */
  run(signal?: AbortSignal): Promise<void> {
    return this.advance(Math.max(0, this.#spanMs - this.nowMs), signal);
  }

  /**
   * Lets `ms` pass.
   *
   * @param ms - 0 to 2^53 - 1.
   * @param signal - ends the call between two things that happen.
   * @throws TypeError, RangeError; the signal's reason.
   * @example
   * await host.advance(60_000);
   */
  async advance(ms: number, signal?: AbortSignal): Promise<void> {
    wholeNumber("ms", ms, "ms", 0, Number.MAX_SAFE_INTEGER);
    await this.#driving.run(() => {
      signal?.throwIfAborted();
      const untilMs = this.nowMs + ms;
      return drive(
        () => this.#host.runUntil(untilMs),
        () => {
          this.#events.deliver();
          signal?.throwIfAborted();
        },
      );
    });
    this.#events.deliver();
  }

  /**
   * Gives a guest's attributes in sysfs as files, by their paths below /sys/devices/system/xen_memory/xen_memory0. A write
   * acts as the guest's administrator does; what it makes due runs when time passes.
   *
   * @param name - of a guest that runs.
   * @throws RangeError: no such guest runs.
   * @example
   * host.sysfs("web")["target_kb"].write?.("524288\n");
   */
  sysfs(name: string): Readonly<Record<string, SysfsFile>> {
    return this.#host.guest(name).sysfs();
  }

  /**
   * Tells what came of the run so far.
   *
   * @example
   * const { guests, starts } = host.outcome();
   */
  outcome(): HostOutcome {
    return this.#host.outcome();
  }

  /**
   * Closes the host and its guests.
   *
   * @example
   * host.close();
   */
  close(): void {
    this.#host.close();
  }
}
