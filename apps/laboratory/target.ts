/** The target's slider and field. A drag of the slider is one operation, when it is let go: before that it is a preview. */
import { formatPages, formatSize } from "xen-balloon/core";
import { element } from "./elements.js";
import type { Laboratory, LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";
import { readPages, writePages } from "./quantity.js";

/** About so many targets can be reached by the slider. */
const SLIDER_STEPS = 256;

export class Target {
  readonly #laboratory: Laboratory;
  readonly #attempt: Attempt;
  readonly #form = element("target", HTMLFormElement);
  readonly #slider: HTMLInputElement;
  readonly #size: HTMLInputElement;
  readonly #preview = element("target-preview", HTMLElement);
  /** The target that the guest has not received yet. */
  #wantedPages: number | null = null;
  #telling = false;
  /** The slider or the field shows what a reader is about to set. */
  #editing = false;
  #currentPages = 0;

  constructor(laboratory: Laboratory, attempt: Attempt) {
    this.#laboratory = laboratory;
    this.#attempt = attempt;
    this.#slider = this.#form.elements.namedItem("slider") as HTMLInputElement;
    this.#size = this.#form.elements.namedItem("size") as HTMLInputElement;
    this.#slider.addEventListener("input", () => this.#show(this.#slid, true));
    this.#slider.addEventListener("change", () => this.#tell(this.#slid));
    this.#size.addEventListener("input", () => {
      this.#editing = true;
    });
    this.#size.addEventListener("blur", () => {
      if (!this.#telling && this.#size.value.trim() === "") this.#editing = false;
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(this.#size, () => this.#tell(readPages(this.#size.value)));
    });
  }

  /** Another guest is on show. */
  reset(pfnLimit: number): void {
    this.#slider.max = String(pfnLimit);
    this.#editing = false;
  }

  /** The slider's target in pages: a round number of them, or all there are. */
  get #slid(): number {
    const most = Number(this.#slider.max);
    const step = 2 ** Math.max(0, Math.floor(Math.log2(most / SLIDER_STEPS)));
    return Math.min(most, Math.round(this.#slider.valueAsNumber / step) * step);
  }

  render({ phase, snapshot }: LaboratoryState): void {
    const off = phase !== "running";
    for (const control of this.#form.elements) (control as HTMLInputElement).disabled = off;
    const now = snapshot?.figures?.now;
    if (off) this.#editing = false;
    if (now !== undefined && !this.#telling && !this.#editing) {
      this.#currentPages = now.stats.current_pages;
      this.#show(now.stats.target_pages, false);
    }
    if (off || now === undefined) this.#preview.textContent = "";
  }

  #show(pages: number, editing: boolean): void {
    this.#editing = editing;
    if (this.#slider.valueAsNumber !== pages && !editing) this.#slider.value = String(pages);
    this.#slider.setAttribute("aria-valuetext", formatPages(pages));
    if (editing || document.activeElement !== this.#size) this.#size.value = writePages(pages);
    const credit = pages - this.#currentPages;
    const moves = `${formatSize(Math.abs(credit))} to ${credit < 0 ? "give to" : "get from"} Xen`;
    const text = credit === 0 ? "the guest has this size" : moves;
    if (this.#preview.textContent !== text) this.#preview.textContent = text;
  }

  /** Sends the last target once the guest has handled the one before. It skips the targets in between. */
  #tell(pages: number): void {
    this.#wantedPages = pages;
    if (this.#telling) return;
    this.#telling = true;
    void this.#attempt(this.#size, async () => {
      try {
        while (this.#wantedPages !== null) {
          const wanted = this.#wantedPages;
          this.#wantedPages = null;
          await this.#laboratory.perform(`target ${wanted}`);
        }
      } finally {
        this.#wantedPages = null;
        this.#telling = false;
        this.#editing = false;
      }
    });
  }
}
