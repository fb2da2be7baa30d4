/** What to boot: the fields of the form, or a boot log, as the configuration of a script; that is what boots. */
import { readBootLog } from "../bootlog/layout.js";
import { configLines } from "../bootlog/show.js";
import { element, field } from "./elements.js";

export class BootForm {
  readonly #form: HTMLFormElement;
  readonly #config: HTMLTextAreaElement;

  /** @param onBoot - is given the config lines. */
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
    this.config = configOf(this.#form);
  }

  get config(): string {
    return this.#config.value.trim().replaceAll("\r\n", "\n");
  }

  set config(text: string) {
    this.#config.value = text;
  }

  /**
   * Writes the configuration of the guest whose boot log this is.
   *
   * @returns what the log does not say, in a line; empty where it says all.
   * @throws BootLogError
   */
  readBootLog(log: string): string {
    const layout = readBootLog(log);
    this.config = configLines(layout);
    if (layout.missing.length === 0) return "";
    return `missing from the boot log: ${layout.missing.map(({ key }) => key).join(", ")}; add them to the configuration`;
  }
}

function configOf(form: HTMLFormElement): string {
  const unit = Number(field(form, "unit"));
  const pages = (name: string): number => Math.round(Number(field(form, name)) * unit);
  const given = (name: string): boolean => field(form, name) !== "";
  const maxPfn = pages("memory");
  const regions = (key: string, name: string): string[] =>
    field(form, name)
      .split("\n")
      .map((line) => line.replaceAll(/\s/g, ""))
      .filter((line) => line !== "")
      .map((line) => `config ${key}=${line}`);
  const extra = regions("extra", "extra");
  const holes = regions("hole", "holes");
  const words = [
    `domain=${field(form, "domain")}`,
    `max_pfn=${maxPfn}`,
    // what is extra has no frame, and what has none is not counted
    `nr_pages=${maxPfn - pagesOf(extra) - pagesOf(holes)}`,
    `reserved=${field(form, "reserved") || 0}`,
    `cpus=${field(form, "cpus") || 1}`,
    ...(given("limit") ? ["hotplug=1", `pfn_limit=${pages("limit")}`] : []),
    ...(given("highmem") ? [`highmem_start=${pages("highmem")}`] : []),
    ...(given("host") ? [`host_pages=${pages("host")}`] : []),
    ...(given("seed") ? [`mfn_seed=${field(form, "seed")}`] : []),
  ];
  return [`config ${words.join(" ")}`, ...extra, ...holes].join("\n");
}

function pagesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + (Number(line.split(",")[1]) || 0), 0);
}
