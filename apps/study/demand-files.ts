/** Reads the demand files that a study or a plan names, each once, and hashes them. */
import type { DemandColumns } from "../demand/columns.js";
import type { Contradiction } from "../demand/contradictions.js";
import type { Demand } from "../demand/read.js";
import type { DemandSeries } from "../demand/series.js";

/** A demand with the hash of its file. */
export interface DemandFile extends Demand {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Reads a demand file, whose name begins the line that says how. */
export type ReadDemand = (file: string, columns: DemandColumns) => DemandFile;

export class DemandFiles {
  readonly #read: ReadDemand;
  readonly #columns: DemandColumns;
  readonly #files = new Map<string, DemandFile>();

  constructor(read: ReadDemand, columns: DemandColumns) {
    this.#read = read;
    this.#columns = columns;
  }

  /** The file of this name. */
  of(name: string): DemandFile {
    const file = this.#files.get(name) ?? this.#read(name, this.#columns);
    this.#files.set(name, file);
    return file;
  }

  /** How each file was read, in a line each. */
  get readings(): readonly string[] {
    return [...this.#files.values()].map(({ reading }) => reading);
  }

  /** The statements about columns that the files contradict. */
  get contradictions(): readonly Contradiction[] {
    return [...this.#files.values()].flatMap(({ contradictions }) => contradictions);
  }
}

/**
 * Finds a guest by its name; a file of one guest needs none.
 *
 * @throws Error: there is no such guest
 */
export function guestNamed(guests: readonly DemandSeries[], vm: string | undefined): DemandSeries {
  if (vm === undefined && guests.length === 1) return guests[0];
  const found = guests.find((guest) => guest.vm === vm);
  if (found !== undefined) return found;
  const there = guests.slice(0, 8).map((guest) => guest.vm);
  const more = guests.length > there.length ? ` and ${guests.length - there.length} more` : "";
  throw new Error(`expected one of ${there.join(", ")}${more}, got ${vm ?? "none"}`);
}
