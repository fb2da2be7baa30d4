/** The caller's side of a thread: it keeps the calls that wait for answers and the thread's last report. */
import type { Answer, Call, Message, Opening, Report, Request, Told } from "./protocol.js";
import { errorOf, type SentError, tellCaller } from "./sent-error.js";
import type { Thread } from "./thread-host.js";

interface Pending {
  answer(answer: Answer): void;
  reject(error: unknown): void;
}

/** A listener to a guest in the thread. */
interface Hearer {
  /** Receives the guest's events for which the thread was asked. */
  hear(told: Told): void;
  /** Hears that the thread has ended by itself, and the guest with it. */
  threadEnded(error: Error): void;
}

interface CallOptions<T> {
  readonly signal?: AbortSignal | undefined;
  /** Makes the result from the answer, before any later message is handled. `id` is the call's id. */
  readonly receive?: (value: never, id: number) => T;
}

export class Connection {
  /** The time in the last message, in ms on the machine's clock. */
  nowMs = 0;
  memoryBytes = 0;
  readonly #thread: Thread;
  readonly #port: MessagePort;
  readonly #served: () => void;
  readonly #pending = new Map<number, Pending>();
  readonly #hearers = new Map<number, Hearer>();
  /** The error that ended each guest. Every call throws the same one. */
  readonly #endings = new Map<number, Error>();
  #calls = 0;
  /**
   * The lead of nowMs over performance.now() on a real clock. It is the maximum of all messages, because some are late.
   */
  #aheadMs: number = Number.NEGATIVE_INFINITY;
  #lost: { readonly error: Error; readonly atMs: number } | null = null;

  /** @param served - is called once the thread serves calls. */
  constructor(thread: Thread, served: () => void) {
    this.#thread = thread;
    this.#served = served;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
    // in Node the thread, not the port, decides whether the process waits
    (port1 as { unref?(): void }).unref?.();
    thread.postMessage({ xenBalloon: port2 } satisfies Opening, [port2]);
  }

  /** True once the thread will report nothing more. */
  get lost(): boolean {
    return this.#lost !== null;
  }

  /** The time of a real clock, in ms. It stops once the thread is lost. */
  get realMs(): number {
    return (this.#lost?.atMs ?? performance.now()) + this.#aheadMs;
  }

  /** Calls a guest, or the machine (null). An error on either side rejects the promise. */
  async call<T>(
    guest: number | null,
    method: Call["method"],
    args: readonly unknown[],
    { signal, receive }: CallOptions<T> = {},
  ): Promise<T> {
    if (this.#lost !== null) throw this.#lost.error;
    const id = this.#calls++;
    const caller = new Error();
    const abort = (): void => this.post({ kind: "abort", id });
    signal?.addEventListener("abort", abort);
    try {
      this.#send({ kind: "call", id, guest, method, args, aborted: signal && signal.aborted === true });
      this.#thread.ref?.();
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, {
          answer: (answer) => {
            if ("error" in answer) reject(tellCaller(this.errorOf(answer.error), caller));
            else if ("aborted" in answer) reject(signal?.reason);
            else resolve(receive === undefined ? (answer.value as T) : receive(answer.value as never, id));
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

  attach(guest: number, hearer: Hearer): void {
    this.#hearers.set(guest, hearer);
  }

  detach(guest: number): void {
    this.#hearers.delete(guest);
    this.#endings.delete(guest);
  }

  errorOf(sent: SentError): Error {
    if (sent.ended === undefined) return errorOf(sent);
    const error = this.#endings.get(sent.ended) ?? errorOf(sent);
    this.#endings.set(sent.ended, error);
    return error;
  }

  #receive(message: Message): void {
    // messages sent before the port was closed still arrive
    if (this.#lost !== null) return;
    if (message === "serving") this.#served();
    else if (message !== "idle") this.#report(message);
    // the thread was idle when it said so, but a call may be on its way
    else if (this.#pending.size === 0) this.#thread.unref?.();
  }

  #report({ nowMs, memoryBytes, told, answer }: Report): void {
    this.nowMs = nowMs;
    this.memoryBytes = memoryBytes;
    this.#aheadMs = Math.max(this.#aheadMs, nowMs - performance.now());
    for (const one of told) this.#hearers.get(one.guest)?.hear(one);
    if (answer === null) return;
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    // a listener may have ended the thread
    pending?.answer(answer);
  }

  /** Gives the thread up, as lose does, after it has ended by itself, and tells its guests. */
  threadEnded(error: Error): void {
    const hearers = [...this.#hearers.values()];
    this.lose(error);
    for (const hearer of hearers) hearer.threadEnded(error);
  }

  /** Gives the thread up. Calls under way and all later calls reject with the first error given. */
  lose(error: Error): void {
    if (this.#lost !== null) return;
    this.#lost = { error, atMs: performance.now() };
    this.#port.close();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#hearers.clear();
  }
}
