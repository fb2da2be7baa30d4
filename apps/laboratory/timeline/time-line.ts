/** The time line: a slider over all of a guest's time, and steps from operation to operation. */
import { element } from "../elements.js";
import type { Laboratory, LaboratoryState } from "../laboratory.js";
import type { Attempt } from "../notices.js";
import { formatClock } from "../quantity.js";
import type { Snapshot } from "../session/messages.js";
import type { Wanted } from "./past.js";
import "./timeline.css";

const HINT = "Drag, or click a curve or an event, to look back.";

export class TimeLine {
  readonly #laboratory: Laboratory;
  readonly #attempt: Attempt;
  readonly #time = element("past-time", HTMLInputElement);
  readonly #place = element("past-place", HTMLElement);
  readonly #back = element("past-back", HTMLButtonElement);
  readonly #on = element("past-on", HTMLButtonElement);
  readonly #now = element("past-now", HTMLButtonElement);
  readonly #branch = element("past-branch", HTMLButtonElement);
  /** A call is under way; and the last that came meanwhile. */
  #going = false;
  #next: { readonly wanted: Wanted | null } | null = null;

  /** @param branch - goes on from the moment on show. */
  constructor(laboratory: Laboratory, attempt: Attempt, branch: () => Promise<void>) {
    this.#laboratory = laboratory;
    this.#attempt = attempt;
    this.#time.addEventListener("input", () => this.goTo(this.#time.valueAsNumber));
    this.#back.addEventListener("click", () => this.#go({ step: -1 }));
    this.#on.addEventListener("click", () => this.#go({ step: 1 }));
    this.#now.addEventListener("click", () => this.#go(null));
    this.#branch.addEventListener("click", () => attempt(this.#branch, branch));
  }

  /** Goes to a virtual time in ms. */
  goTo(nowMs: number): void {
    this.#go({ nowMs });
  }

  render({ phase, snapshot }: LaboratoryState): void {
    const there = snapshot !== null && (phase === "running" || phase === "ended");
    const past = snapshot?.past ?? null;
    for (const control of [this.#time, this.#back]) control.disabled = !there;
    // a button that has the focus keeps it
    for (const button of [this.#on, this.#now]) button.setAttribute("aria-disabled", String(!there || past === null));
    this.#branch.hidden = !there || past === null;
    document.body.toggleAttribute("data-past", past !== null);
    if (snapshot === null || !there) write(this.#place, "");
    else this.#show(snapshot);
  }

  #show({ past, now, endMs }: Snapshot): void {
    const nowMs = past === null ? endMs : (now?.nowMs ?? endMs);
    this.#time.max = String(endMs);
    // a reader who drags is ahead of the guest
    if (!this.#going) this.#time.value = String(nowMs);
    const place = `${formatClock(nowMs)} of ${formatClock(endMs)}`;
    this.#time.setAttribute("aria-valuetext", place);
    write(this.#place, past === null ? HINT : `${place}, after ${past.line ?? "the boot"}`);
  }

  /** One at a time: a slider asks faster than a guest of a terabyte goes back. */
  #go(wanted: Wanted | null): void {
    this.#next = { wanted };
    if (this.#going) return;
    this.#going = true;
    void this.#attempt(this.#time, async () => {
      for (let next = this.#next; next !== null; next = this.#next) {
        this.#next = null;
        await this.#laboratory.goTo(next.wanted);
      }
    }).finally(() => {
      this.#going = false;
      this.#next = null;
    });
  }
}

function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
