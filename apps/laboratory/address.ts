/** The page's address follows what is done: a reload shows the same guest. Where it cannot, leaving the page warns. */
import type { SavedComparison } from "./comparison/saved-comparison.js";
import type { Laboratory } from "./laboratory.js";
import { Seldom } from "./seldom.js";
import { textOf } from "./session/messages.js";
import { encodeLink, type LaboratoryState as SavedState, type View } from "./state.js";

/** Browsers allow a page so many new addresses: Safari 100 in 30 s. */
const INTERVAL_MS = 1000;
/** Time alone that passes is followed this seldom. */
const PASSING_MS = 5000;

export class Address {
  readonly #laboratory: Laboratory;
  readonly #view: () => View;
  readonly #comparison: () => SavedComparison | undefined;
  readonly #onTooLong: (message: string) => void;
  readonly #seldom = new Seldom(INTERVAL_MS);
  /** A change has come that the address does not have yet, or cannot have. */
  #behind = false;
  #operations = -1;
  #nowMs = 0;
  #writtenMs = 0;
  /** True: the host is on show, and the address is of it. */
  isOfHost = false;

  /**
   * @param comparison - the one on show; undefined where the guest is.
   * @param onTooLong - hears why the address cannot follow; "" where it does again.
   */
  constructor(
    laboratory: Laboratory,
    view: () => View,
    comparison: () => SavedComparison | undefined,
    onTooLong: (message: string) => void,
  ) {
    this.#laboratory = laboratory;
    this.#view = view;
    this.#comparison = comparison;
    this.#onTooLong = onTooLong;
    addEventListener("beforeunload", (event) => {
      if (this.#behind) event.preventDefault();
    });
  }

  /** Another guest is on show: the address is not of it any more. */
  reset(): void {
    this.#operations = -1;
    this.changed();
  }

  /** So many operations have been done, and so much time has passed. */
  follow(operations: number, nowMs: number): void {
    if (this.#laboratory.state.restoring) return;
    const passed = nowMs !== this.#nowMs && performance.now() - this.#writtenMs > PASSING_MS;
    if (operations === this.#operations && !passed) return;
    this.#operations = operations;
    this.#nowMs = nowMs;
    this.changed();
  }

  /** Notes that something which the address holds has changed. */
  changed(): void {
    if (this.isOfHost) return;
    this.#behind = true;
    this.#seldom.do(() => void this.write().catch(() => undefined));
  }

  /** The guest on show, as a file or a link has it. @throws Error: there is none */
  async state(): Promise<SavedState> {
    const record = await this.#laboratory.script();
    if (record === null) throw new Error("there is no guest yet: boot one");
    const { operations, rest } = record;
    const holds = this.#laboratory.state.snapshot?.faults.holds;
    const held = (["host", "guest"] as const).filter((name) => holds?.[name]);
    const view: View = { ...this.#view(), holds: held, ...(rest.length > 0 && { done: operations }) };
    return { script: textOf(record), view, comparison: this.#comparison() };
  }

  /** Writes the address now. @throws Error: there is no guest, or it is too long for a link */
  async write(): Promise<void> {
    if (this.isOfHost || this.#laboratory.state.phase === "booting" || this.#laboratory.state.restoring) return;
    this.#writtenMs = performance.now();
    try {
      const link = await encodeLink(await this.state());
      history.replaceState(null, "", link);
      this.#behind = false;
      this.#onTooLong("");
    } catch (error) {
      this.#onTooLong((error as Error).message);
      throw error;
    }
  }
}
