/** The form of both sides: a row for each option, with a control for A and one for B. */
import { byTopic, type Control, controlOf, titleOf } from "../boot-controls.js";
import { configOfTexts, textsOfConfig } from "../boot-fields.js";
import { type Both, both, differences, NAMES, SIDE_ENGINES, SIDES, type Side, type SideEngine } from "./side.js";

type SideName = keyof Both<unknown>;

const ENGINE_WORDS: Readonly<Record<SideEngine, string>> = {
  wasm: "WebAssembly",
  reference: "reference, in TypeScript",
};
const BUILD_HINT =
  "A page cannot load another build: this needs xen-balloon study. A folder or tarball named here, relative to the " +
  "study, goes into the study file; the curves on this page are those of its own build.";

export class SidesForm {
  readonly #controls: Both<Map<string, Control>> = { a: new Map(), b: new Map() };
  readonly #rows = new Map<string, HTMLElement>();

  constructor(place: HTMLElement) {
    const heads = document.createElement("div");
    heads.className = "side-row side-heads";
    for (const side of SIDES) {
      const head = document.createElement("strong");
      head.dataset.side = side;
      head.textContent = NAMES[side];
      heads.append(head);
    }
    const [first, ...folds] = byTopic((key) => this.#row(key.key, titleOf(key), () => controlOf(key)));
    first.append(this.#row("engine", ["Engine ", code("engine")], engineControl));
    place.append(heads, first, ...folds, this.#buildFold());
    place.addEventListener("input", () => this.mark());
    place.addEventListener("change", () => this.mark());
  }

  /** @throws FieldError: a field of the side holds no amount of memory */
  read(side: SideName): Side {
    const texts = Object.fromEntries([...this.#controls[side]].map(([key, { value }]) => [key, value]));
    const { engine, build, ...options } = texts;
    return { config: configOfTexts(options), engine: engine as SideEngine, build: build.trim() };
  }

  /** Shows sides in the fields. */
  write(sides: Both<Side>): void {
    for (const side of SIDES) {
      const { config, engine, build } = sides[side];
      const texts: Readonly<Record<string, string>> = { ...textsOfConfig(config), engine, build };
      for (const [key, control] of this.#controls[side]) control.value = texts[key] ?? "";
    }
    for (const fold of new Set([...this.mark()].map((key) => this.#rows.get(key)?.closest("details")))) {
      if (fold) fold.open = true;
    }
  }

  /** The control of a key. */
  control(side: SideName, key: string): Control | null {
    return this.#controls[side].get(key) ?? null;
  }

  /** Marks the rows in which the sides differ. @returns their keys; none where a field cannot be read */
  mark(): readonly string[] {
    let keys: readonly string[] = [];
    try {
      keys = differences(both((side) => this.read(side)));
    } catch {
      // the run tells what is wrong
    }
    for (const [key, row] of this.#rows) row.classList.toggle("differs", keys.includes(key));
    return keys;
  }

  #row(key: string, title: (string | HTMLElement)[], make: () => Control): HTMLElement {
    const row = document.createElement("div");
    row.className = "side-row";
    row.role = "group";
    const head = document.createElement("span");
    head.append(...title);
    const words = (head.textContent ?? "").trim();
    row.setAttribute("aria-label", words);
    row.append(head);
    for (const side of SIDES) {
      const control = make();
      control.name = `${side}.${key}`;
      control.dataset.side = side;
      control.setAttribute("aria-label", `${words} of ${NAMES[side]}`);
      this.#controls[side].set(key, control);
      row.append(control);
    }
    this.#rows.set(key, row);
    return row;
  }

  #buildFold(): HTMLElement {
    const fold = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "another build";
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = BUILD_HINT;
    fold.append(
      summary,
      hint,
      this.#row("build", ["Folder or tarball ", code("build")], () => {
        const input = document.createElement("input");
        input.autocomplete = "off";
        input.spellcheck = false;
        input.placeholder = "this page’s";
        return input;
      }),
    );
    return fold;
  }
}

function code(text: string): HTMLElement {
  const made = document.createElement("code");
  made.textContent = text;
  return made;
}

function engineControl(): Control {
  const select = document.createElement("select");
  select.append(...SIDE_ENGINES.map((engine) => new Option(ENGINE_WORDS[engine], engine)));
  return select;
}
