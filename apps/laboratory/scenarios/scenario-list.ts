/** The list of scenarios: a click plays one, and says what to look at. */
import { element } from "../elements.js";
import type { Laboratory, LaboratoryState } from "../laboratory.js";
import type { Attempt } from "../notices.js";
import { SCENARIOS, type Scenario } from "./scenarios.js";
import "./scenarios.css";

export class ScenarioList {
  readonly #laboratory: Laboratory;
  readonly #speed = element("speed", HTMLSelectElement);
  readonly #buttons = new Map<Scenario, HTMLButtonElement>();
  readonly #looks = new Map<Scenario, HTMLElement>();

  constructor(laboratory: Laboratory, attempt: Attempt) {
    this.#laboratory = laboratory;
    const list = element("scenarios", HTMLElement);
    for (const scenario of SCENARIOS) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.id = `scenario-${scenario.id}`;
      button.textContent = scenario.title;
      button.addEventListener("click", () => attempt(button, () => this.#play(scenario)));
      const look = document.createElement("ol");
      look.hidden = true;
      look.append(
        ...scenario.look.map((text) => {
          const line = document.createElement("li");
          line.textContent = text;
          return line;
        }),
      );
      item.append(button, look);
      list.append(item);
      this.#buttons.set(scenario, button);
      this.#looks.set(scenario, look);
    }
  }

  render({ phase }: LaboratoryState): void {
    for (const button of this.#buttons.values()) button.disabled = phase === "booting";
  }

  /** Another guest is on show, of that name: what to look at is told of its scenario alone. */
  reset(name: string): void {
    for (const [scenario, look] of this.#looks) {
      const on = scenario.title === name;
      look.hidden = !on;
      this.#buttons.get(scenario)?.setAttribute("aria-pressed", String(on));
    }
  }

  async #play(scenario: Scenario): Promise<void> {
    await this.#laboratory.open({ script: scenario.script, name: scenario.title, paused: true });
    this.#speed.value = String(scenario.pace);
    await this.#laboratory.setPace(scenario.pace);
    await this.#laboratory.setPlaying(true);
  }
}
