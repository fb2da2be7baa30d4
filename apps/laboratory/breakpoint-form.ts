/** The condition at which whatever is played stops. */
import { element, field } from "./elements.js";
import type { Laboratory, LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";
import { CONDITIONS } from "./session/breakpoint.js";

export class BreakpointForm {
  readonly #form = element("breakpoint", HTMLFormElement);
  readonly #drop = element("breakpoint-drop", HTMLButtonElement);
  readonly #status = element("breakpoint-status", HTMLElement);

  constructor(laboratory: Laboratory, attempt: Attempt) {
    const condition = this.#form.elements.namedItem("condition") as HTMLInputElement;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(condition, () => laboratory.breakAt(field(this.#form, "condition")));
    });
    this.#drop.addEventListener("click", () => {
      condition.value = "";
      void attempt(condition, () => laboratory.breakAt(null));
      condition.focus();
    });
    element("conditions", HTMLDataListElement).append(...CONDITIONS.map((each) => new Option("", each)));
  }

  render({ breakpoint }: LaboratoryState): void {
    this.#drop.hidden = breakpoint === null;
    const text = breakpoint === null ? "" : `Stops between two batches, whenever this comes true: ${breakpoint}`;
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}
