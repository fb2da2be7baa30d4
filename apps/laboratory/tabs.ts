/** Tabs: one panel of several is in sight. Arrows, Home and End move between the tabs, as the ARIA practices say. */

export class Tabs {
  readonly #tabs: readonly HTMLElement[];
  #onChange: (panel: string) => void = () => {};

  /** @param list - the element of the role tablist. Its tabs name their panels in aria-controls. */
  constructor(list: HTMLElement) {
    this.#tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#select(tab));
    list.addEventListener("keydown", (event) => {
      const at = this.#tabs.indexOf(document.activeElement as HTMLElement);
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: this.#tabs.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const tab = this.#tabs[(to + this.#tabs.length) % this.#tabs.length];
      this.#select(tab);
      tab.focus();
    });
    this.#select(this.#tabs.find((tab) => tab.ariaSelected === "true") ?? this.#tabs[0]);
  }

  /** The id of the panel in sight. */
  get shown(): string {
    const shown = this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    return shown?.getAttribute("aria-controls") ?? "";
  }

  set onChange(listener: (panel: string) => void) {
    this.#onChange = listener;
  }

  /** Brings a panel into sight. */
  show(panel: string): void {
    const tab = this.#tabs.find((each) => each.getAttribute("aria-controls") === panel);
    if (tab !== undefined) this.#select(tab);
  }

  #select(selected: HTMLElement): void {
    for (const tab of this.#tabs) {
      const on = tab === selected;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (panel !== null) panel.hidden = !on;
    }
    this.#onChange(this.shown);
  }
}
