/** The plan as text, with a few of its settings as controls: the text is what counts, and they write in it. */
import { parseDocument } from "yaml";
import { StudyError } from "../../study/source.js";
import type { Attempt } from "../notices.js";
import type { HostState } from "./host-show.js";
import { POLICY_NAMES, type ShownPlan } from "./plan.js";
import { readPlan } from "./plan-text.js";

const LINE_PX = 18;

/** The elements of the page. */
export interface PlanElements {
  readonly text: HTMLTextAreaElement;
  readonly lines: HTMLElement;
  /** Behind a wrong line. */
  readonly mark: HTMLElement;
  readonly run: HTMLButtonElement;
  /** Each sets the field of `base` that its name has. */
  readonly settings: HTMLFormElement;
}

export class PlanView {
  readonly #elements: PlanElements;
  readonly #run: (plan: ShownPlan) => void;
  /** The text of the plan on show. */
  #shown = "";

  /** @param run - runs a plan that was read. */
  constructor(elements: PlanElements, attempt: Attempt, run: (plan: ShownPlan) => void) {
    this.#elements = elements;
    this.#run = run;
    const { text, run: button, settings } = elements;
    const policy = settings.elements.namedItem("policy") as HTMLSelectElement;
    policy.replaceChildren(...POLICY_NAMES.map((name) => new Option(name)));
    text.addEventListener("input", () => this.#number());
    text.addEventListener("scroll", () => this.#scroll());
    button.addEventListener("click", () => void attempt(text, () => this.#take(text.value)));
    settings.addEventListener("submit", (event) => event.preventDefault());
    settings.addEventListener("change", ({ target }) => {
      const control = target as HTMLInputElement | HTMLSelectElement;
      void attempt(control, () => this.#set(control.name, control.value));
    });
    this.#number();
  }

  /** The text of the plan on show: edits that were not run are not in it. */
  get shown(): string {
    return this.#shown;
  }

  /** Runs a plan in place of the one before. @throws StudyError: what is wrong with it; nothing has changed but the text */
  open(text: string): void {
    this.#elements.text.value = text;
    this.#number();
    this.#take(text);
  }

  render({ plan }: HostState): void {
    const { settings } = this.#elements;
    for (const control of settings.elements) (control as HTMLInputElement).disabled = plan === null;
  }

  #take(text: string): void {
    try {
      const plan = readPlan(text);
      this.#markLine(null);
      this.#shown = text;
      this.#showSettings(text);
      this.#run(plan);
    } catch (error) {
      if (error instanceof StudyError) this.#markLine(error.line);
      throw error;
    }
  }

  /** Writes one setting into the text, and runs it. */
  #set(key: string, value: string): void {
    const document = parseDocument(this.#elements.text.value);
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`mend the text first: ${error.message}`);
    const path = key === "pressure" && document.hasIn(["base", key, "shortage"]) ? [key, "shortage"] : [key];
    document.setIn(["base", ...path], key === "usPerPage" ? Number(value) : value);
    this.open(document.toString({ lineWidth: 0 }));
  }

  #showSettings(text: string): void {
    const document = parseDocument(text);
    for (const control of this.#elements.settings.elements) {
      if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) continue;
      const value = document.getIn(["base", control.name, "shortage"]) ?? document.getIn(["base", control.name]);
      if (control instanceof HTMLSelectElement) this.#select(control, value);
      else control.value = String(value ?? "");
    }
  }

  /** A value that is none of the offered ones is offered, too. */
  #select(control: HTMLSelectElement, value: unknown): void {
    const wanted = value === undefined ? control.options[0].value : String(value);
    if (![...control.options].some((option) => option.value === wanted)) control.add(new Option(wanted));
    control.value = wanted;
  }

  #number(): void {
    const { text, lines } = this.#elements;
    const count = text.value.split("\n").length;
    lines.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n");
    this.#markLine(null);
  }

  #markLine(line: number | null): void {
    const { text, mark } = this.#elements;
    mark.hidden = line === null;
    if (line === null) return;
    mark.dataset.line = String(line);
    const top = (line - 1) * LINE_PX;
    if (top < text.scrollTop || top > text.scrollTop + text.clientHeight - LINE_PX) text.scrollTop = top - 2 * LINE_PX;
    this.#scroll();
  }

  #scroll(): void {
    const { text, lines, mark } = this.#elements;
    lines.scrollTop = text.scrollTop;
    const line = Number(mark.dataset.line ?? 1);
    mark.style.translate = `0 ${(line - 1) * LINE_PX - text.scrollTop + 6}px`;
  }
}
