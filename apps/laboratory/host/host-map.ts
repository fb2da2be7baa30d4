/** The map of one guest of the host, at the moment on show. */
import { type MapElements, MemoryMap } from "../map/map-view.js";
import type { Attempt } from "../notices.js";
import type { HostShow, HostState } from "./host-show.js";
import { clockOf } from "./standing.js";

/** The elements of the page. */
export interface HostMapElements extends MapElements {
  /** The section that has all of it. */
  readonly section: HTMLElement;
  readonly title: HTMLElement;
  readonly close: HTMLButtonElement;
  /** Tells that the guest does not run. */
  readonly absent: HTMLElement;
}

export class HostMap {
  readonly #elements: HostMapElements;
  readonly #show: HostShow;
  readonly #attempt: Attempt;
  readonly #map: MemoryMap;
  /** The guest whose map is set up, of that plan. */
  #of: { readonly plan: HostState["plan"]; readonly name: string } | null = null;
  #wanted = "";
  #asking = false;

  constructor(elements: HostMapElements, show: HostShow, attempt: Attempt) {
    this.#elements = elements;
    this.#show = show;
    this.#attempt = attempt;
    this.#map = new MemoryMap(elements, {
      onRange: () => this.#ask(),
      onInspect: (pfn) => void attempt(elements.canvas, () => this.#inspect(pfn)),
      attempt,
    });
    elements.close.addEventListener("click", () => show.open(null));
    elements.section.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) show.open(null);
    });
  }

  render({ opened, timeMs, phase }: HostState): void {
    const { section, title } = this.#elements;
    const wasHidden = section.hidden;
    section.hidden = opened === null;
    if (opened === null) {
      this.#of = null;
      return;
    }
    const told = `${opened} at ${clockOf(timeMs)}`;
    if (title.textContent !== told) title.textContent = told;
    if (wasHidden) this.#elements.close.focus();
    if (phase !== "failed") this.#ask();
  }

  /** One at a time, the newest wish last: a slider asks faster than a host runs. */
  #ask(): void {
    const wish = JSON.stringify([this.#show.state.opened, this.#show.slice, this.#map.range]);
    if (this.#asking || wish === this.#wanted || this.#show.state.opened === null) return;
    this.#wanted = wish;
    this.#asking = true;
    void this.#attempt(this.#elements.close, () => this.#look()).finally(() => {
      this.#asking = false;
      this.#ask();
    });
  }

  async #look(): Promise<void> {
    const { opened: name, plan } = this.#show.state;
    const { slice } = this.#show;
    if (name === null) return;
    if (this.#of?.name !== name || this.#of.plan !== plan) {
      const pfnLimit = await this.#show.pfnLimit(name, slice);
      this.#tell(name, pfnLimit !== null);
      if (pfnLimit === null || this.#show.state.opened !== name) return;
      this.#of = { plan, name };
      this.#map.setGuest(pfnLimit);
    }
    const censuses = await this.#show.census(name, slice, [this.#map.range, this.#map.overviewRange]);
    this.#tell(name, censuses !== null);
    if (censuses !== null && this.#show.state.opened === name) this.#map.draw(censuses[0], censuses[1]);
  }

  #tell(name: string, runs: boolean): void {
    this.#elements.absent.textContent = runs ? "" : `${name} does not run at this moment: it has no pages.`;
    this.#map.render({ phase: runs ? "running" : "ended" });
  }

  async #inspect(pfn: number): Promise<void> {
    const { opened: name } = this.#show.state;
    if (name === null) return;
    const detail = await this.#show.inspect(name, this.#show.slice, pfn);
    if (detail !== null) this.#map.showPage(detail);
  }
}
