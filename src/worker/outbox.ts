/** The thread's way out: events wait for the end of the current turn, or for an answer, and go in one message. */
import type { GuestEvents } from "../api/events.js";
import { type Answer, pack, type Report, type Told, type ToldEvent } from "./protocol.js";
import { type SentError, sentOf } from "./sent-error.js";

interface Packing {
  readonly guest: number;
  readonly packed: number[];
}

export class Outbox {
  /** The guest that each error has ended. The guest throws that error again. */
  readonly #endings = new WeakMap<Error, number>();
  readonly #port: MessagePort;
  readonly #now: () => Pick<Report, "nowMs" | "memoryBytes">;
  #told: (ToldEvent | Packing)[] = [];

  /** @param now - reads the time and the memory that every message carries. */
  constructor(port: MessagePort, now: () => Pick<Report, "nowMs" | "memoryBytes">) {
    this.#port = port;
    this.#now = now;
  }

  tell<K extends keyof GuestEvents>(guest: number, name: K, event: GuestEvents[K]): void {
    if (this.#told.length === 0) {
      queueMicrotask(() => {
        if (this.#told.length > 0) this.#post(null);
      });
    }
    if (name === "hypercall") {
      this.#pack(guest, event as GuestEvents["hypercall"]);
    } else {
      if ("error" in event) this.#endings.set(event.error, guest);
      this.#told.push({ guest, name, event: "error" in event ? { ...event, error: this.#sent(event.error) } : event });
    }
  }

  #pack(guest: number, call: GuestEvents["hypercall"]): void {
    let last = this.#told.at(-1);
    if (last === undefined || last.guest !== guest || !("packed" in last)) {
      last = { guest, packed: [] };
      this.#told.push(last);
    }
    pack(last.packed, call);
  }

  /** Sends the answer at once, after the events before it. */
  answer(answer: Answer): void {
    this.#post(answer);
  }

  answerError(id: number, thrown: unknown): void {
    this.#post({ id, error: this.#sent(thrown) });
  }

  #sent(thrown: unknown): SentError {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const ended = this.#endings.get(error);
    return ended === undefined ? sentOf(error) : { ...sentOf(error), ended };
  }

  #post(answer: Answer | null): void {
    const transfer = answer !== null && "value" in answer ? buffersOf(answer.value) : [];
    const told = this.#told.map((one): Told => {
      if (!("packed" in one)) return one;
      const hypercalls = Float64Array.from(one.packed);
      transfer.push(hypercalls.buffer);
      return { guest: one.guest, hypercalls };
    });
    this.#told = [];
    this.#port.postMessage({ ...this.#now(), told, answer } satisfies Report, transfer);
  }
}

/** Lists the buffers of an answer's arrays. Nobody in the thread keeps them, so they can be transferred. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint32Array) return [value.buffer as ArrayBuffer];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(buffersOf) : [];
}
