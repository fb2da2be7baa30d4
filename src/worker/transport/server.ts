/** The thread's side of a port: it performs calls on objects, and sends their answers and events. */
import { Outbox } from "./outbox.js";
import type { Call, Message, Request } from "./protocol.js";
import type { Service } from "./service.js";

interface Target {
  readonly object: object;
  /** The functions that end the listening, by the event's name. */
  readonly stops: Map<string, () => void>;
}

/** An object whose events the other side may hear. */
interface Speaker {
  on(name: string, listener: (event: object) => void): () => void;
}

export class Server {
  readonly #service: Service;
  readonly #onIdle: () => void;
  readonly #outbox: Outbox;
  /** The objects by their numbers. A closed object is dropped, because its memory may be large. */
  readonly #targets = new Map<number, Target>();
  #added = 0;
  /** The abort controllers of calls under way, by the call's id. */
  readonly #aborts = new Map<number, AbortController>();
  /** The number of calls under way. */
  #calls = 0;

  /** @param onIdle - called whenever no call is under way and the service is resting. */
  constructor(port: MessagePort, service: Service, onIdle: () => void = () => {}) {
    this.#service = service;
    this.#onIdle = onIdle;
    this.#outbox = new Outbox(port, service);
    this.add(service.root, service.events);
    port.onmessage = ({ data }) => this.#receive(data);
    port.postMessage("serving" satisfies Message);
  }

  /**
   * Serves another object until it is closed.
   *
   * @param events - the object's events that are sent without a request.
   * @returns the target's number for the other side.
   */
  add(object: object, events: readonly string[] = []): number {
    const target = this.#added++;
    this.#targets.set(target, { object, stops: new Map() });
    for (const name of events) this.#listen(target, name, true);
    return target;
  }

  /** Ends the serving of an object, and the listening to it. */
  remove(target: number): void {
    for (const stop of this.#targets.get(target)?.stops.values() ?? []) stop();
    this.#targets.delete(target);
  }

  /** True while an object is served by that number. */
  serves(target: number): boolean {
    return this.#targets.has(target);
  }

  /** Must be called whenever the service has come to rest by itself. */
  rest(): void {
    if (this.#calls === 0 && this.#service.resting?.() !== false) this.#onIdle();
  }

  #receive(request: Request): void {
    if (request.kind === "call") void this.#answer(request);
    else if (request.kind === "listen") this.#listen(request.target, request.name, request.heard);
    else this.#aborts.get(request.id)?.abort();
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
    else this.#outbox.answer({ id, error: this.#outbox.sent(outcome.reason) });
    this.rest();
  }

  /** Performs a call. It awaits nothing before it calls the object, so that calls keep their order. */
  async #perform({ id, target, method, args, aborted }: Call): Promise<unknown> {
    const object = this.#targets.get(target)?.object as Record<string, (...args: readonly unknown[]) => unknown>;
    if (object === undefined && method === "close") return;
    if (object === undefined) throw new Error(this.#service.closed);
    const value = await object[method](...(aborted === undefined ? args : this.#abortable(id, args, aborted)));
    if (method === "close") this.remove(target);
    return value;
  }

  /** Puts the call's signal into its options, which are its last argument. */
  #abortable(id: number, args: readonly unknown[], aborted: boolean): readonly unknown[] {
    const controller = new AbortController();
    if (aborted) controller.abort();
    this.#aborts.set(id, controller);
    return [...args.slice(0, -1), { ...(args.at(-1) as object), signal: controller.signal }];
  }

  #listen(target: number, name: string, heard: boolean): void {
    const served = this.#targets.get(target);
    if (served === undefined) return;
    const { object, stops } = served;
    stops.get(name)?.();
    if (!heard) return;
    const tell = (event: object): void => this.#outbox.tell(target, name, event);
    stops.set(name, (object as Speaker).on(name, tell));
  }
}
