/** The host view of the page: it is loaded when a reader first goes there. */
import { element } from "../elements.js";
import { giveFile } from "../files.js";
import type { Notices } from "../notices.js";
import { formatClock } from "../quantity.js";
import { Seldom } from "../seldom.js";
import { Tabs } from "../tabs.js";
import { GuestBars } from "./guest-bars.js";
import { decodeHost, encodeHost } from "./host-link.js";
import { HostMap } from "./host-map.js";
import { HostShow, type HostState } from "./host-show.js";
import { HostTimeLine } from "./host-time-line.js";
import { PlanView } from "./plan-view.js";
import { READY_PLANS, type ReadyPlan } from "./ready-plans.js";
import { clockOf } from "./standing.js";
import "./host.css";

/** Browsers allow a page so many new addresses: Safari 100 in 30 s. */
const ADDRESS_MS = 1000;

export class HostRoom {
  readonly #notices: Notices;
  readonly #show: HostShow;
  readonly #bars: GuestBars;
  readonly #map: HostMap;
  readonly #timeLine: HostTimeLine;
  readonly #plan: PlanView;
  readonly #address = new Seldom(ADDRESS_MS);
  readonly #panels = new Tabs(document.querySelector("#host [role=tablist]") as HTMLElement);
  readonly #play = element("host-play", HTMLButtonElement);
  readonly #speed = element("host-speed", HTMLSelectElement);
  readonly #linkStatus = element("host-link-status", HTMLElement);
  readonly #buttons = new Map<ReadyPlan, HTMLButtonElement>();
  /** The map that was open at the last rendering. */
  #opened: string | null = null;

  constructor(notices: Notices) {
    const { attempt } = notices;
    this.#notices = notices;
    this.#show = new HostShow((state) => this.#render(state));
    this.#bars = new GuestBars(element("host-guests", HTMLElement), element("host-scale", HTMLElement), (name) =>
      this.#show.open(name),
    );
    this.#map = new HostMap(mapElements(), this.#show, attempt);
    this.#timeLine = new HostTimeLine(timeLineElements(), (timeMs) => this.#show.goTo(timeMs));
    this.#plan = new PlanView(
      {
        text: element("host-text", HTMLTextAreaElement),
        lines: element("host-lines", HTMLElement),
        mark: element("host-mark", HTMLElement),
        run: element("host-run", HTMLButtonElement),
        settings: element("host-settings", HTMLFormElement),
      },
      attempt,
      (plan) => this.#show.run(plan),
    );
    this.#play.addEventListener("click", () => this.#show.setPlaying(!this.#show.state.playing));
    this.#speed.addEventListener("change", () => this.#show.setPace(Number(this.#speed.value)));
    this.#listReadyPlans();
    this.#keep();
  }

  /** Brings something into sight if nothing was yet. */
  begin(): void {
    if (this.#show.state.phase === "none") this.#try(READY_PLANS[0]);
    else this.#follow();
  }

  /** Opens what a link holds. @throws Error: a broken link. StudyError: what is wrong with its plan */
  async openLink(hash: string): Promise<void> {
    const { text, timeMs, opened } = await decodeHost(hash);
    this.#panels.show("panel-host-plan");
    this.#plan.open(text);
    this.#show.goTo(timeMs);
    this.#show.open(opened);
  }

  #listReadyPlans(): void {
    const list = element("host-plans", HTMLElement);
    for (const ready of READY_PLANS) {
      const button = document.createElement("button");
      button.type = "button";
      button.id = `host-plan-${ready.id}`;
      button.textContent = ready.title;
      const look = document.createElement("p");
      look.className = "hint";
      look.textContent = ready.look;
      button.addEventListener("click", () => void this.#notices.attempt(button, () => this.#try(ready)));
      const item = document.createElement("li");
      item.append(button, look);
      list.append(item);
      this.#buttons.set(ready, button);
    }
  }

  #try(ready: ReadyPlan): void {
    this.#plan.open(ready.text);
    // who wants little motion presses Play
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#show.setPlaying(true);
  }

  #keep(): void {
    const link = element("host-link", HTMLButtonElement);
    const { attempt } = this.#notices;
    link.addEventListener("click", () => {
      void attempt(link, async () => {
        await this.#writeAddress();
        // some browsers do not let a page write to the clipboard
        const copied = navigator.clipboard?.writeText(location.href).then(
          () => true,
          () => false,
        );
        this.#linkStatus.textContent = (await copied)
          ? "Copied. It is this page's address, too."
          : "It is this page's address: copy it from there.";
      });
    });
    element("host-save", HTMLButtonElement).addEventListener("click", () =>
      giveFile("plan.yaml", "text/plain", this.#plan.shown),
    );
    const file = element("host-file", HTMLInputElement);
    file.addEventListener("change", () => {
      void attempt(file, async () => {
        const [chosen] = file.files ?? [];
        if (chosen !== undefined) this.#plan.open(await chosen.text());
        file.value = "";
      });
    });
  }

  #render(state: HostState): void {
    const { plan, timeMs, playing, recording, opened } = state;
    for (const view of [this.#bars, this.#map, this.#timeLine, this.#plan]) view.render(state);
    element("host-bars", HTMLElement).hidden = opened !== null;
    if (opened === null && this.#opened !== null) this.#bars.focus(this.#opened);
    this.#opened = opened;
    this.#play.disabled = plan === null || state.phase === "failed";
    write(this.#play, playing ? "Pause" : "Play");
    write(element("host-clock", HTMLElement), formatClock(Math.floor(timeMs / 100) * 100, 1));
    write(element("host-title", HTMLElement), plan?.title ?? "A host");
    const ready = READY_PLANS.find(({ text }) => text === this.#plan.shown);
    write(element("host-look", HTMLElement), ready?.look ?? plan?.question ?? "");
    for (const [each, button] of this.#buttons) button.setAttribute("aria-pressed", String(each === ready));
    const status = element("host-status", HTMLElement);
    write(status, statusOf(state));
    status.classList.toggle("wrong", state.phase === "failed" || state.outcome?.policyFailure != null);
    if (plan !== null && !playing && recording.spanMs > 0) this.#follow();
  }

  /** The address follows what is on show, once time stands still. */
  #follow(): void {
    this.#address.do(() => void this.#writeAddress().catch((error: Error) => this.#tellLink(error.message)));
  }

  async #writeAddress(): Promise<void> {
    const { timeMs, opened } = this.#show.state;
    const link = await encodeHost({ text: this.#plan.shown, timeMs, opened });
    // the reader may have gone to another view meanwhile
    if (document.body.dataset.place !== "host") return;
    history.replaceState(null, "", link);
    this.#tellLink("");
  }

  #tellLink(problem: string): void {
    if (problem !== "") this.#linkStatus.textContent = `The address cannot follow: ${problem}`;
  }
}

function statusOf({ phase, why, recording, outcome }: HostState): string {
  switch (phase) {
    case "none":
      return "";
    case "running":
      return `Running: ${clockOf(Math.floor(recording.endMs / 1000) * 1000)} of ${clockOf(recording.spanMs)} recorded`;
    case "failed":
      return why;
    case "done":
      return outcome?.policyFailure ?? "";
  }
}

function mapElements(): ConstructorParameters<typeof HostMap>[0] {
  return {
    section: element("host-map-section", HTMLElement),
    title: element("host-map-title", HTMLElement),
    close: element("host-map-close", HTMLButtonElement),
    absent: element("host-map-absent", HTMLElement),
    canvas: element("host-map", HTMLCanvasElement),
    status: element("host-map-status", HTMLElement),
    legend: element("host-map-legend", HTMLUListElement),
    range: element("host-map-range", HTMLElement),
    zoomIn: element("host-map-in", HTMLButtonElement),
    zoomOut: element("host-map-out", HTMLButtonElement),
    whole: element("host-map-whole", HTMLButtonElement),
    ruler: element("host-map-ruler", HTMLElement),
    overview: {
      slider: element("host-map-overview", HTMLElement),
      canvas: element("host-map-overview-cells", HTMLCanvasElement),
      window: element("host-map-window", HTMLElement),
    },
    goTo: element("host-map-goto", HTMLFormElement),
  };
}

function timeLineElements(): ConstructorParameters<typeof HostTimeLine>[0] {
  return {
    charts: element("host-charts", HTMLElement),
    closer: element("host-in", HTMLButtonElement),
    farther: element("host-out", HTMLButtonElement),
    whole: element("host-whole", HTMLButtonElement),
    cursor: element("host-cursor", HTMLElement),
    chart: element("host-chart", HTMLElement),
    slider: element("host-time", HTMLInputElement),
    marks: element("host-marks", HTMLElement),
    back: element("host-back", HTMLButtonElement),
    on: element("host-on", HTMLButtonElement),
  };
}

function write(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
