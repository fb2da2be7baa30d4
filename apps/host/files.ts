/** The files that a plan names: demands, boot logs and policies. Each is read once and hashed. */
import { readFileSync } from "node:fs";
import type { DemandColumns } from "../demand/columns.js";
import { sha256 } from "../study/contents.js";
import type { ReadDemand } from "../study/demand-files.js";
import { type Content, NamedContents } from "../study/named-contents.js";

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
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

export class NamedFiles extends NamedContents {
  readonly #files: PlanFiles;
  readonly #bytes = new Map<string, Uint8Array>();

  constructor(files: PlanFiles, columns: DemandColumns) {
    super(files.readDemand, columns);
    this.#files = files;
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
    this.note(kind, name, sha256(bytes));
    return bytes;
  }
}

/** @throws Error: the policy is not what it was when the plan was read */
export function requireSame({ name, path, sha256: expected }: PolicyFile): void {
  if (sha256(readFileSync(path)) !== expected) throw new Error(`${name} has changed since the plan was read`);
}
