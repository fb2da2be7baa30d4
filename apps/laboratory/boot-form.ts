/** The boot form: a field for each option of a script, folded by topic. It makes config lines, and shows those there are. */

import { CONFIG_KEYS, type ConfigKey, tellOption } from "xen-balloon/core";
import { readBootLog } from "../bootlog/read.js";
import { configLines } from "../bootlog/show.js";
import { configOfTexts, FieldError, isAmount, textsOfConfig } from "./boot-fields.js";
import { element } from "./elements.js";
import type { LaboratoryState } from "./laboratory.js";
import type { Attempt } from "./notices.js";

/** The options in view: the others are folded, by their groups in the table of options. */
const FIRST: readonly string[] = ["max_pfn", "domain", "driver", "host_pages"];
const TITLES: Readonly<Record<string, string>> = {
  driver: "Driver of the kernel",
  xen: "Runs on Xen",
  frame_list: "Frames of a batch",
  batches: "Batches",
  scrub: "Pages are scrubbed",
  released: "Released before the start",
  max_pages: "May hold at most",
  mfn_base: "First frame",
  hotplug: "Hotplug",
  section: "Section",
  bytes: "Pages have contents",
  watermark: "Watermark",
  watermark_high: "Watermark of high memory",
  max_pfn: "Memory",
  domain: "Domain",
  host_pages: "Host memory",
  nr_pages: "Backed at the start",
  reserved: "Kernel’s pages",
  highmem_start: "High memory from",
  cpus: "CPUs",
  mfn_seed: "Seed that shuffles frames",
  pfn_limit: "Hotplug up to",
  extra: "Extra regions, START,PAGES a line",
  hole: "Holes, START,PAGES a line",
};
/** A guest that is worth a look: 16 GiB, of which the kernel has 16 MiB. */
const AT_FIRST = "config domain=pv max_pfn=4194304 nr_pages=4194304 reserved=4096";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class BootForm {
  readonly #form = element("boot", HTMLFormElement);
  readonly #controls = new Map<string, Control>();
  readonly #submit: HTMLButtonElement;

  /** @param boot - receives the config lines. */
  constructor(attempt: Attempt, boot: (config: string) => Promise<void>) {
    this.#build(element("boot-fields", HTMLElement));
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
      const { message } = error as Error;
      const key = error instanceof FieldError ? error.key : /^line \d+: (\w+): /.exec(message)?.[1];
      if (key === undefined) throw error;
      this.#mark(key);
      // a line of a script that the reader has not written
      throw new Error(message.replace(/^line \d+: /, ""), { cause: error });
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

  #build(place: HTMLElement): void {
    const first = document.createElement("div");
    place.append(first);
    const folds = new Map<string, HTMLDetailsElement>();
    for (const key of CONFIG_KEYS.toSorted((one, other) => rank(one) - rank(other))) {
      const made = this.#field(key);
      if (FIRST.includes(key.key)) {
        first.append(made);
        continue;
      }
      const { group } = key.option;
      const fold = folds.get(group) ?? foldOf(group);
      folds.set(group, fold);
      fold.append(made);
    }
    place.append(...folds.values());
  }

  #field(key: ConfigKey): HTMLLabelElement {
    const control = controlOf(key);
    control.setAttribute("name", key.key);
    const help = withKeys(tellOption(key.option));
    control.title = help;
    control.setAttribute("aria-description", help);
    this.#controls.set(key.key, control);
    const label = document.createElement("label");
    const script = document.createElement("code");
    script.textContent = key.key;
    label.append(`${TITLES[key.key] ?? ""} `, script, control);
    return label;
  }
}

function rank({ key }: ConfigKey): number {
  const at = FIRST.indexOf(key);
  return at < 0 ? FIRST.length : at;
}

function foldOf(group: string): HTMLDetailsElement {
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = group;
  fold.append(summary);
  return fold;
}

/** Options are known here by their keys. */
function withKeys(text: string): string {
  return text.replaceAll(/`(\w+)`/g, (_, name) => CONFIG_KEYS.find((each) => each.name === name)?.key ?? name);
}

function controlOf(key: ConfigKey): Control {
  const { option } = key;
  if (option.form === "flag" || option.form === "choice") {
    const select = document.createElement("select");
    const choices = option.form === "flag" ? ["1", "0"] : option.values;
    const words: Readonly<Record<string, string>> = { 1: "yes", 0: "no" };
    const byDefault = option.form === "flag" ? (option.default ? "yes" : "no") : option.default;
    select.append(
      new Option(`default: ${byDefault}`, ""),
      ...choices.map((choice) => new Option(words[choice] ?? choice, choice)),
    );
    return select;
  }
  if (option.form === "regions") {
    const area = document.createElement("textarea");
    area.rows = 2;
    area.spellcheck = false;
    return area;
  }
  const input = document.createElement("input");
  input.autocomplete = "off";
  input.spellcheck = false;
  const { default: byDefault } = option;
  const says = typeof byDefault === "object" ? withKeys(byDefault.says) : String(byDefault ?? "");
  input.placeholder = says;
  if (isAmount(key)) input.inputMode = "text";
  else input.inputMode = "numeric";
  return input;
}
