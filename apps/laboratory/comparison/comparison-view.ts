/** Shows the comparison: a reader starts it, watches it and downloads it. */

import { Connection, messageOf, plural, ROOT, watchWorker } from "xen-balloon/core";
import type { SampleEstimate } from "../../study/statistics.js";
import { giveFile } from "../files.js";
import {
  type ComparisonEvents,
  type ComparisonResult,
  type ComparisonRow,
  comparisonCases,
  rowOf,
} from "./comparison.js";
import { type Environment, environment } from "./environment.js";

/** The elements that show it. */
export interface ComparisonParts {
  readonly run: HTMLButtonElement;
  readonly table: HTMLTableElement;
  /** A polite live region: tells the beginning and the end aloud, progress to the eye. */
  readonly progress: HTMLElement;
  readonly save: HTMLButtonElement;
}

const HEADS = ["Guest", "Pages", "Move", "Touch", "Engine, ns/page", "Reference, ns/page", "Ratio"];

export class ComparisonView {
  readonly #parts: ComparisonParts;
  readonly #body: HTMLTableSectionElement;
  readonly #note: HTMLTableCaptionElement;
  readonly #runWord: string;
  /** Progress for the eye alone: a live region would read every case aloud. */
  readonly #meter = document.createElement("progress");
  /** The worker of the comparison under way. */
  #connection: Connection<null> | null = null;
  #environment: Environment | null = null;
  #results: ComparisonResult[] = [];
  #wasHidden = false;
  readonly #rest: () => Promise<() => void>;
  #goOn: () => void = () => {};
  #begun = false;

  /** @param rest - called before anything is measured: the guest stands still until its answer is called. */
  constructor(parts: ComparisonParts, rest: () => Promise<() => void>) {
    this.#parts = parts;
    this.#rest = rest;
    const { run, table, save, progress } = parts;
    this.#runWord = run.textContent ?? "Run";
    this.#note = table.createCaption();
    table
      .createTHead()
      .insertRow()
      .append(...HEADS.map((head) => headCell("col", head)));
    this.#body = table.createTBody();
    this.#meter.hidden = true;
    this.#meter.setAttribute("aria-label", "Comparison");
    progress.after(this.#meter);
    save.disabled = true;
    run.addEventListener("click", () => (this.measuring ? this.#end("Stopped.") : void this.#begin()));
    save.addEventListener("click", () => giveFile("comparison.json", "application/json", this.#json));
    document.addEventListener("visibilitychange", () => {
      this.#wasHidden ||= this.#connection !== null && document.hidden;
    });
  }

  /** True while something is measured: the page must be idle then. */
  get measuring(): boolean {
    return this.#begun;
  }

  /** The environment and every sample so far. */
  get #json(): string {
    const cases = this.#results.map(({ case: { engines: _, ...measured }, ...result }) => ({ ...measured, ...result }));
    const hiddenMeanwhile = this.#wasHidden;
    const file = { format: "xen-balloon comparison 1", environment: this.#environment, hiddenMeanwhile, cases };
    return `${JSON.stringify(file, null, 2)}\n`;
  }

  async #begin(): Promise<void> {
    this.#begun = true;
    this.#goOn = await this.#rest();
    if (!this.#begun) {
      this.#goOn();
      return;
    }
    this.#results = [];
    this.#environment = null;
    this.#wasHidden = document.hidden;
    this.#body.replaceChildren();
    this.#parts.save.disabled = true;
    this.#parts.run.textContent = "Stop";
    this.#parts.progress.textContent = "Measuring. Time stands still on the guest meanwhile.";
    this.#meter.max = comparisonCases().length;
    this.#meter.value = 0;
    this.#meter.hidden = false;
    const worker = new Worker(new URL("./comparison-worker.ts", import.meta.url), { type: "module" });
    const connection = new Connection(worker, null);
    watchWorker(worker, (why) => connection.threadEnded(new Error(why)));
    connection.attach(ROOT, { hear: (name, event) => this.#heard[name as keyof ComparisonEvents](event as never) });
    this.#connection = connection;
    connection.call(ROOT, "run", []).then(
      () => this.#end(`Measured${this.#wasHidden ? ", but this page was hidden meanwhile: measure again" : ""}.`),
      (error) => {
        // the reader may have stopped it
        if (connection === this.#connection) this.#end(`The comparison failed: ${messageOf(error)}`);
      },
    );
  }

  readonly #heard: { readonly [K in keyof ComparisonEvents]: (event: ComparisonEvents[K]) => void } = {
    begun: (found) => {
      this.#environment = environment(found);
      this.#note.textContent = noteOf(this.#environment);
    },
    measuring: ({ done }) => {
      this.#meter.value = done;
    },
    results: ({ results }) => {
      this.#results.push(...results);
      this.#show(rowOf(results), results);
      this.#parts.save.disabled = false;
    },
  };

  #end(said: string): void {
    const ended = this.#connection;
    this.#connection = null;
    if (this.#begun) this.#goOn();
    this.#begun = false;
    void ended?.terminate(new Error(said));
    this.#meter.hidden = true;
    this.#parts.run.textContent = this.#runWord;
    this.#parts.progress.textContent = said;
  }

  #show({ case: measured, engine, reference, ratio }: ComparisonRow, results: readonly ComparisonResult[]): void {
    const row = this.#body.insertRow();
    row.append(headCell("row", measured.domain));
    const cells = [
      measured.guestPages.toLocaleString("en"),
      measured.direction,
      measured.touch,
      estimateText(engine),
      reference === null ? "not measured: takes too long" : estimateText(reference),
      ratio === null ? "" : `${estimateText(ratio)} ×`,
    ];
    for (const text of cells) row.insertCell().textContent = text;
    row.title = results.map(countsText).join("; ");
  }
}

function headCell(scope: "col" | "row", text: string): HTMLTableCellElement {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.textContent = text;
  return cell;
}

/** `24.1 [23.8, 24.9]`, with as many digits as the interval bears. */
function estimateText({ value, low, high }: SampleEstimate): string {
  const width = Math.max(high - low, value * 1e-3);
  const decimals = Math.max(0, Math.min(3, 1 - Math.floor(Math.log10(width))));
  return `${value.toFixed(decimals)} [${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
}

function countsText({ engine, guests, callsPerSample, samplesNs }: ComparisonResult): string {
  return `${engine}: ${plural(samplesNs.length, "sample")} of ${plural(guests, "guest")} and ${plural(callsPerSample, "memory_op call")}`;
}

function noteOf({ version, build, timerGrainNs, crossOriginIsolated }: Environment): string {
  const grain = `${Math.round(timerGrainNs / 1000)} µs`;
  const isolated = crossOriginIsolated ? "isolated" : "not isolated";
  return (
    `Half of a contiguous guest moves; medians with their 95 % intervals. First touch: guests just booted; warm: guests ` +
    `that have moved before. Version ${version}, build ${build}; timer grain ${grain}, ${isolated} across origins.`
  );
}
