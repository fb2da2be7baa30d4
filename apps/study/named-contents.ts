/** The contents that a study or a plan names, in the order in which they are read; its demand files among them. */
import type { DemandColumns } from "../demand/columns.js";
import type { Contradiction } from "../demand/contradictions.js";
import type { DemandSeries } from "../demand/series.js";
import { DemandFiles, type ReadDemand } from "./demand-files.js";

/** A content that decides what comes out. */
export interface Content {
  readonly kind: "demand" | "script" | "build" | "native" | "policy" | "bootLog";
  /** Its name in the study or plan; of a command the word that is a file. */
  readonly name: string;
  /** SHA-256 in hexadecimal: of a file's bytes, and of a build's scripts and modules (builds.ts). */
  readonly sha256: string;
}

export class NamedContents {
  readonly #demands: DemandFiles;
  /** Each content under its kind and name. */
  readonly #list = new Map<string, Content>();

  constructor(readDemand: ReadDemand, columns: DemandColumns) {
    this.#demands = new DemandFiles(readDemand, columns);
  }

  /** The contents read so far, in the order of reading. */
  get list(): readonly Content[] {
    return [...this.#list.values()];
  }

  /** How each demand file was read, in a line each. */
  get readings(): readonly string[] {
    return this.#demands.readings;
  }

  /** The statements about columns that demand files contradict. */
  get contradictions(): readonly Contradiction[] {
    return this.#demands.contradictions;
  }

  /** The guests of a demand file. */
  guestsOf(name: string): readonly DemandSeries[] {
    const { guests, sha256 } = this.#demands.of(name);
    this.note("demand", name, sha256);
    return guests;
  }

  /** Notes a content that was read. */
  protected note(kind: Content["kind"], name: string, sha256: string): void {
    this.#list.set(`${kind} ${name}`, { kind, name, sha256 });
  }
}
