/** The files that a plan names: demands, boot logs and policies. Each is read once and hashed. */
import type { DemandColumns } from "../demand/columns.js";
import { sha256 } from "../study/contents.js";
import type { ReadDemand } from "../study/demand-files.js";
import { type Content, NamedContents } from "../study/named-contents.js";
import { importsOf, type PolicyFile, type PolicyModule } from "./policy-file.js";

/** Finds and reads what a plan names. */
export interface PlanFiles {
  readonly readDemand: ReadDemand;
  /** Reads a file. */
  readonly readBytes: (name: string) => Uint8Array;
  /** The path of a file. */
  readonly pathOf: (name: string) => string;
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

  /** A policy of the user's own, with all that it imports from beside it. */
  policy(name: string): PolicyFile {
    const modules = new Map<string, PolicyModule>();
    for (const names = [name]; names.length > 0; ) {
      const next = names.pop() as string;
      if (modules.has(next)) continue;
      const bytes = this.#read("policy", next);
      modules.set(next, { path: this.#files.pathOf(next), sha256: sha256(bytes) });
      names.push(...importsOf(bytes, next));
    }
    return { name, path: this.#files.pathOf(name), modules: [...modules.values()] };
  }

  #read(kind: Content["kind"], name: string): Uint8Array {
    const bytes = this.#bytes.get(name) ?? this.#files.readBytes(name);
    this.#bytes.set(name, bytes);
    this.note(kind, name, sha256(bytes));
    return bytes;
  }
}
