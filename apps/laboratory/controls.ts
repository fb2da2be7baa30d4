/** The controls of target, time and faults. Each control makes an operation of a script. */
import { OPERATIONS, PAGE_BYTES } from "xen-balloon/core";
import { element, field } from "./elements.js";
import type { Laboratory } from "./laboratory.js";
import type { Snapshot } from "./session/messages.js";

const PAGES_PER_MIB = 2 ** 20 / PAGE_BYTES;

/** Runs an action, and shows the reader its error. */
export type Attempt = (work: () => Promise<unknown>) => Promise<void>;

export class Controls {
  readonly #laboratory: Laboratory;
  readonly #attempt: Attempt;
  readonly #slider: HTMLInputElement;
  readonly #mib: HTMLInputElement;
  readonly #step = element("step", HTMLButtonElement);
  readonly #speed = element("speed", HTMLSelectElement);
  readonly #switches: Switch[];
  /** The slider's value that the guest has not received yet. */
  #wantedPages: number | null = null;
  #telling = false;
  #sliding = false;

  constructor(laboratory: Laboratory, attempt: Attempt) {
    this.#laboratory = laboratory;
    this.#attempt = attempt;
    const target = element("target", HTMLFormElement);
    this.#slider = target.elements.namedItem("slider") as HTMLInputElement;
    this.#mib = target.elements.namedItem("mib") as HTMLInputElement;
    this.#slider.addEventListener("input", () => this.#tell(Math.round(this.#slider.valueAsNumber)));
    this.#slider.addEventListener("pointerdown", () => {
      this.#sliding = true;
    });
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => {
        this.#sliding = false;
      });
    }
    target.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#tell(Math.round(this.#mib.valueAsNumber * PAGES_PER_MIB));
    });
    this.#speed.addEventListener("change", () => {
      laboratory.player.speed = Number(this.#speed.value);
    });
    this.#step.addEventListener("click", () => attempt(() => laboratory.player.step()));
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-operation]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const line = (form.dataset.operation ?? "").replaceAll(/\{(\w+)\}/g, (_, name) => field(form, name));
        void attempt(() => laboratory.perform(line));
      });
    }
    const operation = element("operation", HTMLFormElement);
    operation.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(() => laboratory.perform(field(operation, "line")));
    });
    element("operations", HTMLDataListElement).append(...examples());
    this.#switches = [
      new Switch("host-full", laboratory, attempt, {
        on: ({ now }) => `host_take ${now?.hostFreeFrames ?? 0}`,
        off: (frames) => `host_give ${frames}`,
      }),
      new Switch("guest-full", laboratory, attempt, {
        on: ({ state }) => `guest_alloc ${(state?.freeNormalPages ?? 0) + (state?.freeHighPages ?? 0)} 1`,
        off: (pages) => `guest_free ${pages}`,
      }),
    ];
  }

  /** Resets the switches for another guest, because they were on for the previous one. */
  reset(pfnLimit: number): void {
    this.#slider.max = String(pfnLimit);
    for (const each of this.#switches) each.reset();
  }

  show(snapshot: Snapshot): void {
    for (const each of this.#switches) each.snapshot = snapshot;
    this.#step.disabled = !this.#laboratory.player.hasNext;
    const pages = snapshot.now?.stats.target_pages;
    if (pages === undefined || this.#telling || this.#sliding) return;
    if (this.#slider.valueAsNumber !== pages) this.#slider.value = String(pages);
    this.#slider.setAttribute("aria-valuetext", `${Math.round(pages / PAGES_PER_MIB)} MiB`);
    if (document.activeElement !== this.#mib) this.#mib.value = String(pages / PAGES_PER_MIB);
  }

  /** Sends the slider's last target once the guest has handled the one before. It skips the targets in between. */
  #tell(pages: number): void {
    this.#wantedPages = pages;
    if (this.#telling) return;
    this.#telling = true;
    void this.#attempt(async () => {
      try {
        while (this.#wantedPages !== null) {
          const wanted = this.#wantedPages;
          this.#wantedPages = null;
          await this.#laboratory.perform(`target ${wanted}`);
        }
      } finally {
        this.#wantedPages = null;
        this.#telling = false;
      }
    });
  }
}

/** Lists every operation with its effect, a line each. */
function examples(): HTMLOptionElement[] {
  return Object.values(OPERATIONS).map(({ example, does }) => new Option(does, example));
}

/** A fault that lasts until it is switched off. The pages or frames taken for it go back then. */
class Switch {
  snapshot: Snapshot | null = null;
  readonly #box: HTMLInputElement;
  #taken = 0;

  constructor(
    id: string,
    laboratory: Laboratory,
    attempt: Attempt,
    lines: { on: (snapshot: Snapshot) => string; off: (taken: number) => string },
  ) {
    this.#box = element(id, HTMLInputElement);
    this.#box.addEventListener("change", () => {
      const on = this.#box.checked;
      void attempt(async () => {
        if (this.snapshot === null) throw new Error("boot a guest first");
        const ret = await laboratory.perform(on ? lines.on(this.snapshot) : lines.off(this.#taken));
        this.#taken = on ? ret : 0;
      }).then(() => {
        // a failed switch is not on
        this.#box.checked = this.#taken > 0;
      });
    });
  }

  reset(): void {
    this.#taken = 0;
    this.#box.checked = false;
  }
}
