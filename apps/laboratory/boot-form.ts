/** Makes the configuration of a script, which boots, from the fields of the form or from a boot log. */

import { tellOption, WORLD_OPTIONS, type WorldOptions } from "xen-balloon/core";
import { readBootLog } from "../bootlog/read.js";
import { configLines } from "../bootlog/show.js";
import { configOfFields } from "./boot-fields.js";
import { element, field } from "./elements.js";

export class BootForm {
  readonly #form: HTMLFormElement;
  readonly #config: HTMLTextAreaElement;

  /** @param onBoot - receives the config lines. */
  constructor(onBoot: (config: string) => void) {
    this.#form = element("boot", HTMLFormElement);
    this.#config = this.#form.elements.namedItem("config") as HTMLTextAreaElement;
    this.#form.addEventListener("input", ({ target }) => {
      if (target !== this.#config && (target as HTMLInputElement).type !== "file") this.config = configOf(this.#form);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onBoot(this.config);
    });
    helpWith(this.#form);
    this.config = configOf(this.#form);
  }

  get config(): string {
    return this.#config.value.trim().replaceAll("\r\n", "\n");
  }

  set config(text: string) {
    this.#config.value = text;
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
    return `missing from the boot log: ${layout.missing.map(({ key }) => key).join(", ")}; write them in the configuration in place of MISSING`;
  }
}

/** The fields that each hold one option, with the option. */
const FIELDS: Readonly<Record<string, keyof WorldOptions>> = {
  memory: "maxPfn",
  domain: "domain",
  host: "hostPages",
  highmem: "highmemStart",
  reserved: "reservedPages",
  cpus: "cpus",
  seed: "mfnSeed",
  limit: "pfnLimit",
  extra: "extraRegions",
  holes: "holes",
};

/** Shows an option's meaning, range and default at its field. */
function helpWith(form: HTMLFormElement): void {
  for (const [name, option] of Object.entries(FIELDS)) {
    const help = tellOption(WORLD_OPTIONS[option]).replaceAll("`", "");
    const control = form.elements.namedItem(name) as HTMLElement;
    control.title = help;
    control.setAttribute("aria-description", help);
  }
}

function configOf(form: HTMLFormElement): string {
  const unit = Number(field(form, "unit"));
  const number = (name: string, each = 1): number | undefined =>
    field(form, name) === "" ? undefined : Math.round(Number(field(form, name)) * each);
  const regions = (name: string): readonly unknown[] =>
    field(form, name)
      .split("\n")
      .map((line) => line.replaceAll(/\s/g, ""))
      .filter((line) => line !== "");
  return configOfFields({
    domain: field(form, "domain"),
    maxPfn: number("memory", unit) ?? 0,
    reservedPages: number("reserved") ?? 0,
    cpus: number("cpus") ?? 1,
    hotplug: number("limit") === undefined ? undefined : true,
    pfnLimit: number("limit", unit),
    highmemStart: number("highmem", unit),
    hostPages: number("host", unit),
    mfnSeed: number("seed"),
    extraRegions: regions("extra"),
    holes: regions("holes"),
  });
}
