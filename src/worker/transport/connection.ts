/** The caller's side of a thread: it keeps the calls that wait for answers and the thread's last state. */
import type { Answer, Call, Message, Opening, Report, Request } from "./protocol.js";
import { type ErrorTypes, errorOf, type SentError, tellCaller } from "./sent-error.js";
import type { Thread } from "./thread.js";

interface Pending {
  answer(answer: Answer): void;
  reject(error: unknown): void;
}

/** A listener to an object in the thread. */
export interface Hearer {
  /** Receives the events for which the thread was asked, and those that it sends by itself. */
  hear(name: string, event: object): void;
  /** Hears that the thread has ended by itself, and the object with it. */
  threadEnded?(error: Error): void;
}

interface CallOptions<T> {
  readonly signal?: AbortSignal | undefined;
  /** Makes the result from the answer, before any later message is handled. */
  readonly receive?: (value: never) => T;
}

interface ConnectionOptions {
  /** The classes that errors keep: those of the thread's service. */
  readonly errors?: ErrorTypes;
  /** Functions that read the events which the thread's service packs, by their names. */
  readonly unpackers?: Readonly<Record<string, (packed: Float64Array) => Iterable<object>>>;
  /** Called once the thread serves calls. */
  readonly served?: () => void;
}

/** @typeParam State - the state of what the thread serves. */
export class Connection<State> {
  /** The state in the last message. */
  state: State;
  /** Called with every message, before its events are told. */
  onState: () => void = () => {};
  /** The time of performance.now() in ms at which the thread was given up; null while it may report more. */
  lostMs: number | null = null;
  readonly #thread: Thread;
  readonly #options: ConnectionOptions;
  readonly #port: MessagePort;
  readonly #pending = new Map<number, Pending>();
  readonly #hearers = new Map<number, Hearer>();
  /** The error that each target has told in an event. Every later call throws the same one. */
  readonly #errors = new Map<number, Error>();
  #calls = 0;
  #lost: Error | null = null;

  /** @param state - the state before the first message. */
  constructor(thread: Thread, state: State, options: ConnectionOptions = {}) {
    this.#thread = thread;
    this.state = state;
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
    // in Node the thread, not the port, decides whether the process waits
    (port1 as { unref?(): void }).unref?.();
    thread.postMessage({ xenBalloon: port2 } satisfies Opening, [port2]);
  }

  /** Calls a target's method. An error on either side rejects the promise. */
  async call<T>(
    target: number,
    method: string,
    args: readonly unknown[],
    { signal, receive }: CallOptions<T> = {},
  ): Promise<T> {
    if (this.#lost !== null) throw this.#lost;
    const id = this.#calls++;
    const caller = new Error();
    const abort = (): void => this.post({ kind: "abort", id });
    signal?.addEventListener("abort", abort);
    try {
      this.#send({ kind: "call", id, target, method, args, aborted: signal && signal.aborted === true });
      this.#thread.ref?.();
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, {
          answer: (answer) => {
            if ("error" in answer) reject(tellCaller(this.#errorOf(answer.error), caller));
            else if ("aborted" in answer) reject(signal?.reason);
            else resolve(receive === undefined ? (answer.value as T) : receive(answer.value as never));
          },
          reject,
        });
      });
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Waits for a call, and accepts the end of the thread as its answer. */
  async unlessLost(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (this.#lost === null) throw error;
    }
  }

  /**
   * Sends a call. It copies the arrays, because the caller keeps his.
   *
   * @throws TypeError: an argument cannot be sent. The error of an argument's getter.
   */
  #send(call: Call): void {
    const args = call.args.map((arg) => (arg instanceof Uint32Array ? new Uint32Array(arg) : arg));
    const copies = args.flatMap((arg) => (arg instanceof Uint32Array ? [arg.buffer] : []));
    try {
      this.#port.postMessage({ ...call, args }, copies);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "DataCloneError")) throw error;
      throw new TypeError(`${call.method}: expected what can be sent to a thread: ${error.message}`, { cause: error });
    }
  }

  /** Sends a request that has no answer. */
  post(request: Exclude<Request, Call>): void {
    if (this.#lost === null) this.#port.postMessage(request);
  }

  attach(target: number, hearer: Hearer): void {
    this.#hearers.set(target, hearer);
  }

  detach(target: number): void {
    this.#hearers.delete(target);
    this.#errors.delete(target);
  }

  #errorOf(sent: SentError): Error {
    const made = (): Error => errorOf(sent, this.#options.errors ?? []);
    if (sent.toldBy === undefined) return made();
    const error = this.#errors.get(sent.toldBy) ?? made();
    this.#errors.set(sent.toldBy, error);
    return error;
  }

  #receive(message: Message): void {
    // messages sent before the port was closed still arrive
    if (this.#lost !== null) return;
    if (message === "serving") this.#options.served?.();
    else if (message !== "idle") this.#report(message);
    // the thread was idle when it said so, but a call may be on its way
    else if (this.#pending.size === 0) this.#thread.unref?.();
  }

  #report({ state, told, answer }: Report): void {
    this.state = state as State;
    this.onState();
    for (const { target, name, event } of told) {
      const events = event instanceof Float64Array ? this.#options.unpackers?.[name](event) : [event];
      // a listener may end the thread: nobody hears the rest then
      for (const one of events ?? []) this.#hearers.get(target)?.hear(name, this.#received(one));
    }
    if (answer === null) return;
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    // a listener may have ended the thread
    pending?.answer(answer);
  }

  #received(event: object): object {
    return "error" in event ? { ...event, error: this.#errorOf(event.error as SentError) } : event;
  }

  /** Gives the thread up, as lose does, after it has ended by itself, and tells the hearers. */
  threadEnded(error: Error): void {
    const hearers = [...this.#hearers.values()];
    this.lose(error);
    for (const hearer of hearers) hearer.threadEnded?.(error);
  }

  /** Gives the thread up. Calls under way and all later calls reject with the first error given. */
  lose(error: Error): void {
    if (this.#lost !== null) return;
    this.#lost = error;
    this.lostMs = performance.now();
    this.#port.close();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#hearers.clear();
  }

  /** Gives the thread up and ends it, even while it works. A second call does nothing. */
  async terminate(error: Error): Promise<void> {
    this.lose(error);
    await this.#thread.terminate();
  }
}
