/** The boot form: a field for each option of a script, folded by topic. It makes config lines, and shows those there are. */
import type { ConfigKey } from "xen-balloon/core";
import { readBootLog } from "../bootlog/read.js";
import { configLines } from "../bootlog/show.js";
import { byTopic, type Control, controlOf, titleOf } from "./boot-controls.js";
import { configOfTexts, keyOfProblem, textsOfConfig } from "./boot-fields.js";
import { element } from "./elements.js";
import type { LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";

/** A guest that is worth a look: 16 GiB, of which the kernel has 16 MiB. */
const AT_FIRST = "config domain=pv max_pfn=4194304 nr_pages=4194304 reserved=4096";

export class BootForm {
  readonly #form = element("boot", HTMLFormElement);
  readonly #controls = new Map<string, Control>();
  readonly #submit: HTMLButtonElement;

  /** @param boot - receives the config lines. */
  constructor(attempt: Attempt, boot: (config: string) => Promise<void>) {
    element("boot-fields", HTMLElement).append(...byTopic((key) => this.#field(key)));
    this.#submit = this.#form.querySelector("button") as HTMLButtonElement;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void attempt(this.#submit, () => this.#boot(boot));
    });
    this.config = AT_FIRST;
  }

  /** @throws FieldError: a field holds no amount of memory */
  get config(): string {
    return configOfTexts(Object.fromEntries([...this.#controls].map(([key, { value }]) => [key, value])));
  }

  /** Shows config lines in the fields: those of a boot log, a script or a link. */
  set config(config: string) {
    const texts = textsOfConfig(config);
    for (const [key, control] of this.#controls) {
      control.value = texts[key] ?? "";
      control.removeAttribute("aria-invalid");
    }
  }

  render({ phase }: LaboratoryState): void {
    this.#submit.disabled = phase === "booting";
  }

  /**
   * Writes the configuration of a boot log's guest into the form.
   *
   * @returns a line that names the figures the log lacks; empty if it lacks none.
   * @throws BootLogError
   */
  readBootLog(log: string): string {
    const layout = readBootLog(log);
    this.config = configLines(layout);
    if (layout.missing.length === 0) return "";
    for (const { key } of layout.missing) this.#mark(key);
    return `missing from the boot log: ${layout.missing.map(({ key }) => key).join(", ")}; write them in their fields in place of MISSING`;
  }

  async #boot(boot: (config: string) => Promise<void>): Promise<void> {
    for (const control of this.#controls.values()) control.removeAttribute("aria-invalid");
    try {
      await boot(this.config);
    } catch (error) {
      const problem = keyOfProblem(error);
      if (problem === null) throw error;
      this.#mark(problem.key);
      throw problem;
    }
  }

  /** Shows which field is wrong. */
  #mark(key: string): void {
    const control = this.#controls.get(key);
    if (control === undefined) return;
    control.setAttribute("aria-invalid", "true");
    control.closest("details")?.setAttribute("open", "");
    control.focus();
  }

  #field(key: ConfigKey): HTMLLabelElement {
    const control = controlOf(key);
    this.#controls.set(key.key, control);
    const label = document.createElement("label");
    label.append(...titleOf(key), control);
    return label;
  }
}
