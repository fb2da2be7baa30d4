/** The files that a plan names: demands, boot logs and policies. Each is read once and hashed. */
import { readFileSync } from "node:fs";
import type { DemandColumns } from "../demand/columns.js";
import type { Contradiction } from "../demand/contradictions.js";
import type { DemandSeries } from "../demand/series.js";
import { type Content, sha256 } from "../study/contents.js";
import { DemandFiles, type ReadDemand } from "../study/demand-files.js";

/** Finds and reads what a plan names. */
export interface PlanFiles {
  readonly readDemand: ReadDemand;
  /** Reads a file. */
  readonly readBytes: (name: string) => Uint8Array;
  /** The path of a file. */
  readonly pathOf: (name: string) => string;
}

/** A policy of the user's own: a module, and the hash of what it was when the plan was read. */
export interface PolicyFile {
  /** Its name in the plan. */
  readonly name: string;
  readonly path: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
}

export class NamedFiles {
  readonly #files: PlanFiles;
  readonly #demands: DemandFiles;
  readonly #bytes = new Map<string, Uint8Array>();
  /** By kind and name. */
  readonly #list = new Map<string, Content>();

  constructor(files: PlanFiles, columns: DemandColumns) {
    this.#files = files;
    this.#demands = new DemandFiles(files.readDemand, columns);
  }

  /** The files read so far, in the order of reading. */
  get list(): readonly Content[] {
    return [...this.#list.values()];
  }

  /** How each demand file was read, in a line each. */
  get readings(): readonly string[] {
    return this.#demands.readings;
  }

  /** The statements of the plan about columns that demand files contradict. */
  get contradictions(): readonly Contradiction[] {
    return this.#demands.contradictions;
  }

  /** The guests of a demand file. */
  guestsOf(name: string): readonly DemandSeries[] {
    const { guests, sha256: hash } = this.#demands.of(name);
    this.#note("demand", name, hash);
    return guests;
  }

  bootLog(name: string): Uint8Array {
    return this.#read("bootLog", name);
  }

  policy(name: string): PolicyFile {
    return { name, path: this.#files.pathOf(name), sha256: sha256(this.#read("policy", name)) };
  }

  #read(kind: Content["kind"], name: string): Uint8Array {
    const bytes = this.#bytes.get(name) ?? this.#files.readBytes(name);
    this.#bytes.set(name, bytes);
    this.#note(kind, name, sha256(bytes));
    return bytes;
  }

  #note(kind: Content["kind"], name: string, hash: string): void {
    this.#list.set(`${kind} ${name}`, { kind, name, sha256: hash });
  }
}

/** @throws Error: the policy is not what it was when the plan was read */
export function requireSame({ name, path, sha256: expected }: PolicyFile): void {
  if (sha256(readFileSync(path)) !== expected) throw new Error(`${name} has changed since the plan was read`);
}
