/** The thread's side: it performs the calls of one port on one machine and its guests. */

import { machineOf } from "../api/create-machine.js";
import type { GuestEvents } from "../api/events.js";
import type { Guest } from "../api/guest.js";
import type { Machine } from "../api/machine.js";
import type { BootOptions, SettleOptions } from "../api/types.js";
import { type Time, timeOf } from "../clock/time.js";
import type { EngineModules } from "../engine/modules.js";
import type { MachineOptions } from "../host/machine-options.js";
import { loadModulesSync } from "../load/inline.js";
import { Outbox } from "./outbox.js";
import type { Booted, Call, Listen, Message, Request } from "./protocol.js";

interface Served {
  readonly guest: Guest;
  /** The functions that end the listening, by the event's name. */
  readonly stops: Map<keyof GuestEvents, () => void>;
}

export class MachineServer {
  readonly #outbox: Outbox;
  readonly #onIdle: () => void;
  /** The guests by the id of the call that booted them. A closed guest is dropped, because its memory is large. */
  readonly #guests = new Map<number, Served>();
  /** The abort controllers of calls under way, by the call's id. */
  readonly #aborts = new Map<number, AbortController>();
  /** The number of calls under way. */
  #calls = 0;
  #machine: Machine | null = null;
  #time: Time | null = null;

  /** @param onIdle - called whenever no call is under way and no guest has work on timers. */
  constructor(port: MessagePort, onIdle: () => void = () => {}) {
    this.#onIdle = onIdle;
    this.#outbox = new Outbox(port, () => {
      const { nowMs, memoryBytes } = this.#machine ?? { nowMs: 0, memoryBytes: 0 };
      return { nowMs, memoryBytes };
    });
    port.onmessage = ({ data }) => this.#receive(data);
    port.postMessage("serving" satisfies Message);
  }

  #receive(request: Request): void {
    if (request.kind === "call") void this.#answer(request);
    else if (request.kind === "listen") this.#listen(request);
    else this.#aborts.get(request.id)?.abort();
  }

  #tellIdle(): void {
    if (this.#calls === 0 && this.#time?.resting !== false) this.#onIdle();
  }

  async #answer(call: Call): Promise<void> {
    const { id } = call;
    this.#calls++;
    const [outcome] = await Promise.allSettled([this.#perform(call)]);
    this.#calls--;
    const signal = this.#aborts.get(id)?.signal;
    this.#aborts.delete(id);
    if (outcome.status === "fulfilled") this.#outbox.answer({ id, value: outcome.value });
    else if (signal?.aborted && outcome.reason === signal.reason) this.#outbox.answer({ id, aborted: true });
    else this.#outbox.answerError(id, outcome.reason);
    this.#tellIdle();
  }

  /** Performs a call. It awaits nothing before it calls the machine or the guest, so that calls keep their order. */
  async #perform({ id, guest, method, args, aborted }: Call): Promise<unknown> {
    if (method === "create")
      return this.#create(args[0] as Required<MachineOptions>, args[1] as EngineModules | undefined);
    if (guest === null) return method === "boot" ? this.#boot(id, args) : invoke(this.#machine, method, args);
    const called = this.#guests.get(guest)?.guest;
    if (called === undefined && method === "close") return;
    if (called === undefined) throw new Error("the guest is closed");
    const value = await invoke(called, method, aborted === undefined ? args : this.#abortable(id, args, aborted));
    if (method === "close") this.#guests.delete(guest);
    return value;
  }

  #create(options: Required<MachineOptions>, modules: EngineModules = loadModulesSync()): void {
    const time = timeOf(options.clock);
    this.#machine = machineOf(modules, options, time);
    this.#time = time;
    time.onRest = () => this.#tellIdle();
  }

  async #boot(id: number, args: readonly unknown[]): Promise<Booted> {
    const guest = await (this.#machine as Machine).boot(...(args as [BootOptions]));
    this.#guests.set(id, { guest, stops: new Map() });
    // the other side keeps the guest's log and the error that ended it
    for (const name of ["log", "ended"] as const) this.#listen({ kind: "listen", guest: id, name, heard: true });
    return { config: guest.config, kernelLog: guest.kernelLog };
  }

  #abortable(id: number, [options]: readonly unknown[], aborted: boolean): [SettleOptions] {
    const controller = new AbortController();
    if (aborted) controller.abort();
    this.#aborts.set(id, controller);
    return [{ ...(options as SettleOptions), signal: controller.signal }];
  }

  #listen({ guest: id, name, heard }: Listen): void {
    const served = this.#guests.get(id);
    if (served === undefined) return;
    const { guest, stops } = served;
    stops.get(name)?.();
    if (heard)
      stops.set(
        name,
        guest.on(name, (event) => this.#outbox.tell(id, name, event)),
      );
  }
}

function invoke(target: object | null, method: string, args: readonly unknown[]): Promise<unknown> {
  return (target as Record<string, (...args: readonly unknown[]) => Promise<unknown>>)[method](...args);
}
