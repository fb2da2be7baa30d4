/** Shows the results of a comparison, and gives them as files. */
import { plural } from "xen-balloon/core";
import { element } from "../elements.js";
import { giveFile } from "../files.js";
import type { Attempt } from "../notices.js";
import type { Behaviour } from "./behaviour.js";
import { ComparisonCharts } from "./comparison-charts.js";
import { csvOf } from "./csv.js";
import type { Environment } from "./environment.js";
import { join } from "./joined.js";
import { behaviourTables, timeTables } from "./outcome-tables.js";
import { pictureOf } from "./picture.js";
import { type Both, both, differences, NAMES, SIDES, type Side, tellDifferences, tellSide } from "./side.js";
import type { Came } from "./sides-run.js";
import { studyOf } from "./study-file.js";
import type { Timed } from "./timing.js";

/** The measurement. */
export interface Times {
  /** Null: the side has failed. */
  readonly timed: Both<Timed | null>;
  readonly environment: Environment | null;
  /** True: the page was hidden meanwhile. */
  readonly hidden: boolean;
}

/** The outcome of a run. */
export interface Result {
  /** The sides that were run; one that could not be read has failed. */
  readonly given: Both<Came<Side>>;
  readonly runs: Both<Came<Behaviour>>;
  /** Null: nothing was timed. */
  readonly times: Times | null;
}

/** The most keys in the name of a file. */
const MOST_KEYS = 3;
const AGED = "The form has changed since: run both again.";

export class ComparisonResults {
  readonly #section = element("results", HTMLElement);
  readonly #of = element("results-of", HTMLElement);
  readonly #notes = element("results-notes", HTMLElement);
  readonly #outcome = element("compare-outcome", HTMLElement);
  readonly #charts: ComparisonCharts;
  readonly #buttons = {
    picture: element("compare-picture", HTMLButtonElement),
    table: element("compare-table", HTMLButtonElement),
    times: element("compare-times", HTMLButtonElement),
    study: element("compare-study", HTMLButtonElement),
  };
  #result: Result | null = null;

  constructor(attempt: Attempt) {
    this.#charts = new ComparisonCharts({
      charts: element("compare-curves", HTMLElement),
      closer: element("compare-in", HTMLButtonElement),
      farther: element("compare-out", HTMLButtonElement),
      whole: element("compare-whole", HTMLButtonElement),
      cursor: element("compare-cursor", HTMLElement),
    });
    const { picture, table, times, study } = this.#buttons;
    const on = (button: HTMLButtonElement, save: () => unknown): void => {
      button.addEventListener("click", () => void attempt(button, save));
    };
    on(picture, () => this.#savePicture());
    on(table, () => giveFile(`${this.#name}-curves.csv`, "text/csv", csvOf(this.#joined)));
    on(times, () => giveFile(`${this.#name}-times.json`, "application/json", this.#timesFile));
    on(study, () => giveFile(`${this.#name}-study.yaml`, "application/yaml", this.#study));
  }

  show(result: Result): void {
    this.#result = result;
    this.#section.classList.remove("stale");
    this.#of.textContent = this.#title;
    this.#notes.replaceChildren(...this.#noteTexts.map(paragraph));
    const told = both((side) => this.#told(side));
    const { times } = result;
    const runs = this.#runs;
    this.#outcome.replaceChildren(
      ...(times === null ? [] : timeTables(times.timed, told, noteOf(times))),
      ...behaviourTables(runs, told),
    );
    this.#charts.show(this.#joined);
    const none = runs.a === null && runs.b === null;
    const { picture, table, study } = this.#buttons;
    for (const button of [picture, table, study]) button.disabled = none;
    this.#buttons.times.disabled = times === null;
  }

  /** The form says something else now. */
  age(): void {
    if (this.#result === null) return;
    this.#section.classList.add("stale");
    this.#of.textContent = AGED;
  }

  get #shown(): Result {
    if (this.#result === null) throw new Error("nothing was run yet");
    return this.#result;
  }

  get #runs(): Both<Behaviour | null> {
    const { runs } = this.#shown;
    return both((side) => {
      const run = runs[side];
      return "failed" in run ? null : run.came;
    });
  }

  get #joined(): ReturnType<typeof join> {
    const runs = this.#runs;
    return join(both((side) => runs[side]?.moments ?? null));
  }

  /** The keys in which the sides that were run differ; null: one could not be read. */
  get #keys(): readonly string[] | null {
    const { a, b } = this.#shown.given;
    return "failed" in a || "failed" in b ? null : differences({ a: a.came, b: b.came });
  }

  get #title(): string {
    const keys = this.#keys;
    return keys === null ? "A field cannot be read." : tellDifferences(keys);
  }

  get #name(): string {
    const keys = this.#keys ?? [];
    return ["compare", ...keys.slice(0, MOST_KEYS)].join("-");
  }

  /** The values of a side in which it differs. */
  #told(side: keyof Both<unknown>): string {
    const given = this.#shown.given[side];
    return "failed" in given ? "" : tellSide(given.came, this.#keys ?? []);
  }

  /** A note that a reader needs with the curves. */
  get #noteTexts(): string[] {
    const { given, runs } = this.#shown;
    return SIDES.flatMap((side) => {
      const [made, run] = [given[side], runs[side]];
      if ("failed" in run) return [`${NAMES[side]} failed: ${run.failed.message}`];
      if ("failed" in made || made.came.build === "") return [];
      const { build } = made.came;
      return [
        `${NAMES[side]} is this page’s build here, and not ${build}: that needs xen-balloon study, and is in the study file.`,
      ];
    });
  }

  get #study(): string {
    const { given, times } = this.#shown;
    const { a, b } = this.#runs;
    if ("failed" in given.a || "failed" in given.b || a === null || b === null) {
      throw new Error("a side failed: a study runs both");
    }
    const sides = { a: given.a.came, b: given.b.came };
    return studyOf({ sides, runs: { a, b }, differ: this.#keys ?? [], timed: times !== null });
  }

  /** The environment and every sample. */
  get #timesFile(): string {
    const { given, times } = this.#shown;
    if (times === null) throw new Error("nothing was timed: choose Time, and run both");
    const { timed, environment, hidden } = times;
    const sides = both((side) => ({ side: "came" in given[side] ? given[side].came : null, timed: timed[side] }));
    const file = { format: "xen-balloon comparison 2", environment, hiddenMeanwhile: hidden, ...sides };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  async #savePicture(): Promise<void> {
    const told = SIDES.map((side) => `${NAMES[side]}: ${this.#told(side) || "the same"}`);
    const lines = [...told, ...this.#noteTexts, "Over virtual time, h:mm:ss. Under memory, targets are dotted."];
    const paper = getComputedStyle(this.#section).backgroundColor;
    const picture = await pictureOf(this.#charts.canvases, { title: this.#title, lines, paper });
    giveFile(`${this.#name}-curves.png`, "image/png", picture);
  }
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function noteOf({ timed, environment }: Times): string {
  const samples = timed.a?.samplesNs.length ?? timed.b?.samplesNs.length ?? 0;
  const where =
    environment === null
      ? ""
      : ` Version ${environment.version}, build ${environment.build}; timer grain ${Math.round(environment.timerGrainNs / 1000)} µs.`;
  return (
    `Medians of ${plural(samples, "sample")} a side, taken in turn, with their 95 % intervals. In each, guests that are ` +
    `put back to their boot do the operations; every batch is made.${where}`
  );
}
