/** The view that compares: a reader chooses A and B, runs both, sees what came of each, and saves it. */
import { messageOf, ScriptError } from "xen-balloon/core";
import { keyOfProblem } from "../boot-fields.js";
import { element } from "../elements.js";
import type { Attempt } from "../notices.js";
import type { Behaviour } from "./behaviour.js";
import type { TimedBehaviour, TimedOrNot } from "./comparison.js";
import { type Environment, environment } from "./environment.js";
import { exampleFor, isTelling, operationsOf, operationsOfFile } from "./operations.js";
import { ComparisonResults } from "./results.js";
import { ASPECTS, type Aspect, type SavedComparison } from "./saved-comparison.js";
import {
  type Both,
  both,
  differences,
  keepDifferences,
  NAMES,
  otherGeneration,
  SIDES,
  type Side,
  tellDifferences,
} from "./side.js";
import { SidesForm } from "./sides-form.js";
import { type Came, SidesRun } from "./sides-run.js";
import "./comparison.css";

const ASPECT_WORDS: Readonly<Record<Aspect, string>> = {
  behaviour: "Curves, counts and what came of each operation. They are exact: every run gives the same.",
  time: "How long the operations take here: medians of 20 samples in turn, with intervals of 95 %. The guest on show stands still meanwhile.",
};

/** The part of the page that the view needs. */
export interface ComparisonPage {
  readonly attempt: Attempt;
  /** The config lines of the form of the guest. @throws FieldError */
  readonly formConfig: () => string;
  /** The script of the guest on show, done and to come; null: there is none. */
  readonly script: () => Promise<string | null>;
  /** Called before anything is timed: the guest stands still until the answer is called. */
  readonly rest: () => Promise<() => void>;
  /** Hears that what a link holds of the comparison has changed. */
  readonly onChange: () => void;
}

export class ComparisonView {
  readonly #page: ComparisonPage;
  readonly #form = element("compare-form", HTMLFormElement);
  readonly #sides = new SidesForm(element("compare-sides", HTMLElement));
  readonly #operations = element("compare-operations", HTMLTextAreaElement);
  readonly #reading = element("compare-reading", HTMLElement);
  readonly #differs = element("compare-differs", HTMLElement);
  readonly #run = element("compare-run", HTMLButtonElement);
  readonly #meter = element("compare-progress", HTMLProgressElement);
  readonly #status = element("compare-status", HTMLElement);
  readonly #results: ComparisonResults;
  readonly #runWord: string;
  /** The run under way. */
  #running: SidesRun | null = null;
  #measuring = false;
  #saved: SavedComparison | undefined;
  #begun = false;
  #wasHidden = false;

  constructor(page: ComparisonPage) {
    this.#page = page;
    this.#results = new ComparisonResults(page.attempt);
    this.#runWord = this.#run.textContent ?? "Run";
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#running === null) void this.#start();
      else this.#stop();
    });
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("change", () => this.#changed());
    element("compare-example", HTMLButtonElement).addEventListener("click", (event) => {
      void page.attempt(event.currentTarget as HTMLElement, () => this.#takeExample());
    });
    element("compare-take", HTMLButtonElement).addEventListener("click", (event) => {
      void page.attempt(event.currentTarget as HTMLElement, () => this.#takeGuest());
    });
    document.addEventListener("visibilitychange", () => {
      this.#wasHidden ||= this.#measuring && document.hidden;
    });
  }

  /** True while something is measured: the page must be idle then. */
  get measuring(): boolean {
    return this.#measuring;
  }

  /** Shows the comparison for the first time: A is the guest of the form, B has the driver of the other generation. */
  async begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const script = await this.#page.script();
    const config = this.#page.formConfig();
    const side: Side = { config, engine: "wasm", build: "" };
    this.#sides.write({ a: side, b: { ...side, config: otherGeneration(config) } });
    const lines = script === null ? "" : operationsOf(script).lines;
    if (isTelling(lines)) this.#write(lines, "The operations of the guest on show.");
    else this.#takeExample();
    await this.#start();
  }

  /** Shows a comparison of a file or a link, and runs it unless it measures time. */
  async restore({ aspect, sides, operations }: SavedComparison): Promise<void> {
    this.#begun = true;
    this.#stop();
    this.#sides.write(sides);
    for (const input of this.#form.querySelectorAll<HTMLInputElement>("[name=aspect]")) {
      input.checked = input.value === aspect;
    }
    this.#write(operations, "");
    if (aspect === "behaviour") await this.#start();
  }

  /** The comparison as a file or a link has it: as it was when every field could be read. Undefined before the first. */
  get saved(): SavedComparison | undefined {
    return this.#saved;
  }

  /** Takes the operations of a file. A script's configuration becomes A's; B differs from it as before. */
  takeFile(text: string, name: string): void {
    const { lines, config, reading } = operationsOfFile(text, name);
    if (config !== null) this.#writeA(config);
    this.#write(lines, reading);
  }

  async #takeGuest(): Promise<void> {
    const script = await this.#page.script();
    if (script === null) throw new Error("there is no guest: boot one");
    const { lines, config } = operationsOf(script);
    this.#writeA(config ?? "");
    this.#write(lines, "The guest on show: its configuration is A’s, B differs from it as before.");
  }

  #takeExample(): void {
    const lines = exampleFor(this.#sides.read("a").config);
    this.#write(
      lines,
      "An example: half of A’s memory goes out, others take it, and the guests want it back before it is free.",
    );
  }

  #writeA(config: string): void {
    const before = both((side) => this.#sides.read(side));
    const b = keepDifferences({ a: before.a.config, b: before.b.config }, config);
    this.#sides.write({ a: { ...before.a, config }, b: { ...before.b, config: b } });
  }

  #write(lines: string, reading: string): void {
    this.#operations.value = lines;
    this.#changed();
    this.#reading.textContent = reading;
  }

  get #aspect(): Aspect {
    const chosen = new FormData(this.#form).get("aspect");
    return ASPECTS.find((aspect) => aspect === chosen) ?? ASPECTS[0];
  }

  #changed(): void {
    element("compare-says", HTMLElement).textContent = ASPECT_WORDS[this.#aspect];
    this.#reading.textContent = "";
    this.#differs.textContent = this.#read();
    this.#sides.mark();
    this.#results.age();
    this.#page.onChange();
  }

  /** Reads the form. @returns in what the sides differ, or which field cannot be read */
  #read(): string {
    let name = "";
    try {
      const sides = both((side) => {
        name = NAMES[side];
        return this.#sides.read(side);
      });
      this.#saved = { aspect: this.#aspect, sides, operations: this.#operations.value };
      return tellDifferences(differences(sides));
    } catch (error) {
      return `${name}: ${messageOf(error)}`;
    }
  }

  async #start(): Promise<void> {
    const aspect = this.#aspect;
    const run = new SidesRun();
    this.#running = run;
    this.#run.textContent = "Stop";
    this.#meter.value = 0;
    this.#meter.hidden = false;
    this.#status.textContent = "";
    await this.#clearProblems();
    const sides = both((side): Came<Side> => {
      try {
        return { came: this.#sides.read(side) };
      } catch (error) {
        return { failed: error as Error };
      }
    });
    const said = aspect === "behaviour" ? await this.#behave(run, sides) : await this.#time(run, sides);
    if (this.#running === run) this.#end(said);
  }

  #stop(): void {
    if (this.#running === null) return;
    this.#running.stop();
    this.#end("Stopped.");
  }

  #end(said: string): void {
    this.#running = null;
    this.#meter.hidden = true;
    this.#run.textContent = this.#runWord;
    this.#status.textContent = said;
  }

  async #behave(run: SidesRun, given: Both<Came<Side>>): Promise<string> {
    const operations = this.#operations.value;
    const came = await run.behave(given, operations, {
      progress: ({ done }) => {
        this.#meter.value = done;
      },
      measuring: () => undefined,
    });
    if (this.#running !== run) return "";
    this.#showProblems(came);
    this.#results.show({ given, runs: came, times: null });
    return endOf(came);
  }

  async #time(run: SidesRun, given: Both<Came<Side>>): Promise<string> {
    if ("failed" in given.a || "failed" in given.b) {
      this.#showProblems(given);
      return "Nothing was measured: a field cannot be read.";
    }
    this.#wasHidden = document.hidden;
    this.#measuring = true;
    const goOn = await this.#page.rest();
    let found: Environment | null = null;
    try {
      if (this.#running !== run) return "";
      const sides = { a: given.a.came, b: given.b.came };
      const came = await run.time(sides, this.#operations.value, {
        progress: ({ done }) => {
          this.#meter.value = done;
        },
        measuring: ({ timerGrainNs }) => {
          found = environment(timerGrainNs);
        },
      });
      if (this.#running !== run) return "";
      if ("failed" in came) throw came.failed;
      const each = both((side) => cameOf(came.came[side]));
      this.#showProblems(each);
      const runs = both((side) => withoutTime(each[side]));
      const timed = both((side) => ("came" in each[side] ? each[side].came.timed : null));
      const hidden = this.#wasHidden;
      this.#results.show({ given, runs, times: { timed, environment: found, hidden } });
      return hidden ? "Measured, but this page was hidden meanwhile: measure again." : endOf(each);
    } finally {
      this.#measuring = false;
      goOn();
    }
  }

  /** Shows the errors of the sides at the controls that caused them. */
  #showProblems(came: Both<Came<unknown>>): void {
    const told = new Map<HTMLElement, string[]>();
    for (const side of SIDES) {
      const each = came[side];
      if (!("failed" in each)) continue;
      const field = keyOfProblem(each.failed);
      const control = field === null ? null : this.#sides.control(side, field.key);
      const place = control ?? (each.failed instanceof ScriptError ? this.#operations : this.#run);
      place.closest("details")?.setAttribute("open", "");
      told.set(place, [...(told.get(place) ?? []), `${NAMES[side]}: ${messageOf(field ?? each.failed)}`]);
    }
    for (const [control, texts] of told) {
      void this.#page.attempt(control, () => {
        throw new Error(texts.join("; "));
      });
    }
  }

  async #clearProblems(): Promise<void> {
    const wrong = this.#form.querySelectorAll<HTMLElement>("[aria-invalid=true]");
    for (const control of wrong) await this.#page.attempt(control, () => undefined);
  }
}

function cameOf(side: TimedOrNot): Came<TimedBehaviour> {
  return "problem" in side ? { failed: new Error(side.problem) } : { came: side };
}

function withoutTime(side: Came<TimedBehaviour>): Came<Behaviour> {
  return "failed" in side ? side : { came: side.came.behaviour };
}

function endOf(came: Both<Came<unknown>>): string {
  const failed = SIDES.filter((side) => "failed" in came[side]).map((side) => NAMES[side]);
  return failed.length === 0 ? "Done." : `${failed.join(" and ")} failed.`;
}
