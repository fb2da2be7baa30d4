/** The controls of the options that a script can give, in the forms of the page. */
import { CONFIG_KEYS, type ConfigKey, tellOption } from "xen-balloon/core";
import { isAmount } from "./boot-fields.js";

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

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Makes the fields of all options: first those in view, then folds of the others by topic. */
export function byTopic(fieldOf: (key: ConfigKey) => HTMLElement): HTMLElement[] {
  const first = document.createElement("div");
  const folds = new Map<string, HTMLDetailsElement>();
  for (const key of CONFIG_KEYS.toSorted((one, other) => rank(one) - rank(other))) {
    const made = fieldOf(key);
    if (FIRST.includes(key.key)) {
      first.append(made);
      continue;
    }
    const { group } = key.option;
    const fold = folds.get(group) ?? foldOf(group);
    folds.set(group, fold);
    fold.append(made);
  }
  return [first, ...folds.values()];
}

/** The title of an option, with its key. */
export function titleOf({ key }: ConfigKey): (string | HTMLElement)[] {
  const script = document.createElement("code");
  script.textContent = key;
  return [`${TITLES[key] ?? ""} `, script];
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

/** Makes the control of an option, which tells what the option is. */
export function controlOf(key: ConfigKey): Control {
  const control = emptyControlOf(key);
  control.setAttribute("name", key.key);
  const help = withKeys(tellOption(key.option));
  control.title = help;
  control.setAttribute("aria-description", help);
  return control;
}

function emptyControlOf(key: ConfigKey): Control {
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
