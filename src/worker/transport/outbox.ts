/** The thread's way out: events wait for the end of the current turn, or for an answer, and go in one message. */
import type { Answer, Message, Told } from "./protocol.js";
import { type SentError, sentOf } from "./sent-error.js";
import type { Service } from "./service.js";

/** An event, or the numbers of consecutive events of one target and name. */
interface Kept extends Omit<Told, "event"> {
  readonly event: object | number[];
}

export class Outbox {
  /** The target that has told each error in an event. */
  readonly #tellers = new WeakMap<Error, number>();
  readonly #port: MessagePort;
  readonly #service: Service;
  #kept: Kept[] = [];

  constructor(port: MessagePort, service: Service) {
    this.#port = port;
    this.#service = service;
  }

  tell(target: number, name: string, event: object): void {
    if (this.#kept.length === 0) {
      queueMicrotask(() => {
        if (this.#kept.length > 0) this.answer(null);
      });
    }
    const pack = this.#service.packers?.[name];
    if (pack !== undefined) {
      pack(this.#numbers(target, name), event as never);
    } else if ("error" in event) {
      this.#tellers.set(event.error as Error, target);
      this.#kept.push({ target, name, event: { ...event, error: this.sent(event.error) } });
    } else {
      this.#kept.push({ target, name, event });
    }
  }

  #numbers(target: number, name: string): number[] {
    const last = this.#kept.at(-1);
    if (last?.target === target && last.name === name) return last.event as number[];
    const event: number[] = [];
    this.#kept.push({ target, name, event });
    return event;
  }

  sent(thrown: unknown): SentError {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    return sentOf(error, this.#service.errors, this.#tellers.get(error));
  }

  /** Sends the answer at once, after the events before it; null sends the events alone. */
  answer(answer: Answer | null): void {
    const transfer: ArrayBuffer[] = [];
    if (answer !== null && "value" in answer) addBuffers(answer.value, transfer);
    const told = this.#kept.map((kept): Told => {
      if (!Array.isArray(kept.event)) return kept;
      const event = Float64Array.from(kept.event);
      transfer.push(event.buffer);
      return { ...kept, event };
    });
    this.#kept = [];
    this.#port.postMessage({ state: this.#service.state(), told, answer } satisfies Message, transfer);
  }
}

/** Adds the buffers of an answer's arrays. Nobody in the thread keeps them, so they can be transferred. */
function addBuffers(value: unknown, buffers: ArrayBuffer[]): void {
  if (value instanceof Uint32Array) buffers.push(value.buffer as ArrayBuffer);
  else if (typeof value === "object" && value !== null)
    for (const part of Object.values(value)) addBuffers(part, buffers);
}
