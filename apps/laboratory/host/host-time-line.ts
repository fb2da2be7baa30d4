/** The host over time: its sums as curves, what happened as marks, and a slider that goes to any moment. */
import type { HostSample } from "xen-balloon/core";
import { sizeOf } from "../../host/quantity.js";
import type { Band, Line } from "../charts/curves.js";
import { type PlotElements, Plots } from "../charts/plots.js";
import type { HostState } from "./host-show.js";
import type { HostEvent } from "./recording.js";
import { clockOf } from "./standing.js";

const PAGE_KIB = 4;

interface SumLine extends Line {
  readonly kibOf: (sample: HostSample) => number;
}

const sum = (sample: HostSample, kibOf: (guest: HostSample["guests"][number]) => number): number =>
  sample.guests.reduce((kib, guest) => kib + kibOf(guest), 0);

const LINES: readonly SumLine[] = [
  line("held", "--bar-held", [], (sample) => sum(sample, ({ heldKib }) => heldKib)),
  line("target", "--bar-target", [6, 3], (sample) => sum(sample, ({ targetKib }) => targetKib)),
  line("used", "--bar-used", [], (sample) => sum(sample, ({ usedKib }) => usedKib)),
  line("free", "--bar-free", [2, 3], ({ freeKib }) => freeKib),
  {
    ...line("short", "--bar-lacking", [], (sample) => sum(sample, ({ usedKib, residentKib }) => usedKib - residentKib)),
    area: true,
  },
];

function line(label: string, property: string, dash: number[], kibOf: SumLine["kibOf"]): SumLine {
  return { label, scale: "pages", property, dash, kibOf };
}

const BAND: Band<SumLine> = { curves: LINES, axes: ["all guests"], last: true };

/** The elements of the page. */
export interface HostTimeLineElements extends PlotElements {
  readonly chart: HTMLElement;
  readonly slider: HTMLInputElement;
  readonly marks: HTMLElement;
  readonly back: HTMLButtonElement;
  readonly on: HTMLButtonElement;
}

export class HostTimeLine {
  readonly #elements: HostTimeLineElements;
  readonly #plots: Plots<SumLine>;
  #state: HostState | null = null;
  #samplesDrawn = -1;
  #eventsDrawn = -1;

  /** @param goTo - goes to a moment, in ms. */
  constructor(elements: HostTimeLineElements, goTo: (timeMs: number) => void) {
    this.#elements = elements;
    const { chart, slider, marks, back, on } = elements;
    this.#plots = new Plots(elements, [{ container: chart, band: BAND }], {
      syncKey: "host",
      data: () => this.#data(),
      onPick: (time) => goTo(Math.round(time * 1000)),
      onDrawn: () => this.#mark(),
    });
    slider.addEventListener("input", () => goTo(slider.valueAsNumber));
    marks.addEventListener("click", ({ target }) => {
      const timeMs = (target as HTMLElement).dataset.timeMs;
      if (timeMs !== undefined) goTo(Number(timeMs));
    });
    back.addEventListener("click", () => this.#step(-1, goTo));
    on.addEventListener("click", () => this.#step(1, goTo));
  }

  render(state: HostState): void {
    const isNew = state.recording !== this.#state?.recording;
    this.#state = state;
    const { recording, timeMs, plan } = state;
    if (isNew) {
      this.#plots.reset();
      this.#samplesDrawn = this.#eventsDrawn = -1;
    }
    if (this.#samplesDrawn !== recording.samples.length) this.#plots.redraw();
    if (this.#eventsDrawn !== recording.events.length) this.#showEvents(state);
    const { slider, back, on } = this.#elements;
    for (const control of [slider, back, on]) control.disabled = plan === null;
    slider.max = String(recording.spanMs);
    // some 500 steps: an arrow goes to the next slice
    slider.step = String(Math.max(1, recording.spanMs / 512));
    slider.value = String(timeMs);
    slider.setAttribute("aria-valuetext", `${clockOf(timeMs)} of ${clockOf(recording.spanMs)}`);
    this.#mark();
  }

  #mark(): void {
    this.#plots.mark((this.#state?.timeMs ?? 0) / 1000);
  }

  #data(): ReturnType<ConstructorParameters<typeof Plots<SumLine>>[2]["data"]> {
    const samples = this.#state?.recording.samples ?? [];
    this.#samplesDrawn = samples.length;
    if (samples.length === 0) return null;
    return {
      times: samples.map(({ timeMs }) => timeMs / 1000),
      valuesOf: ({ kibOf }) => samples.map((sample) => kibOf(sample) / PAGE_KIB),
      describe: (point) => {
        const told = LINES.map(({ label, kibOf }) => `${label} ${sizeOf(kibOf(samples[point]))}`);
        return `${clockOf(samples[point].timeMs)}: ${told.join(", ")}`;
      },
    };
  }

  /** The events after the host's start. */
  #happened({ recording }: HostState): readonly HostEvent[] {
    return recording.events.filter(({ timeMs }) => timeMs > 0);
  }

  #showEvents(state: HostState): void {
    this.#eventsDrawn = state.recording.events.length;
    this.#elements.marks.replaceChildren(
      ...this.#happened(state).map((event) => {
        const mark = document.createElement("button");
        mark.type = "button";
        mark.className = event.kind;
        mark.dataset.timeMs = String(event.timeMs);
        mark.textContent = { started: "▲", refused: "✕", stopped: "▼" }[event.kind];
        mark.ariaLabel = mark.title = told(event);
        mark.style.insetInlineStart = `${(100 * event.timeMs) / state.recording.spanMs}%`;
        return mark;
      }),
    );
  }

  /** To what happened before or after the moment on show, or to the ends. */
  #step(by: 1 | -1, goTo: (timeMs: number) => void): void {
    const state = this.#state;
    if (state === null) return;
    const times = this.#happened(state).map(({ timeMs }) => timeMs);
    const { timeMs } = state;
    const next = by > 0 ? times.find((each) => each > timeMs) : times.findLast((each) => each < timeMs);
    goTo(next ?? (by > 0 ? state.recording.spanMs : 0));
  }
}

function told(event: HostEvent): string {
  const at = clockOf(event.timeMs);
  switch (event.kind) {
    case "started":
      return `${at}: ${event.name} has started with ${sizeOf(event.memoryKib)}`;
    case "refused":
      return `${at}: ${event.name} was refused: ${event.words}`;
    case "stopped":
      return `${at}: ${event.name} ${event.problem === null ? "has shut down" : `has ended: ${event.problem}`}`;
  }
}
