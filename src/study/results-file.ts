/** The results file: written a line at a time as it comes, read whole. */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { type Header, type ResultLine, type Results, type ResumedLine, SCHEMA } from "./results.js";

/** A file that holds no results, or not those of this version: in which line, what was expected and what came. */
export class ResultsError extends Error {
  override readonly name = "ResultsError";
}

const KINDS: readonly string[] = ["exact", "timed", "failed", "resumed", "ended"] satisfies ResultLine["kind"][];

/** Results, and what had to be left out of them. */
export interface ReadResults extends Results {
  /** Bytes of the complete lines: what comes after them was cut off as it was written. */
  readonly completeBytes: number;
  /** What a reader should know; empty where all is well. */
  readonly notes: readonly string[];
}

/** @throws ResultsError */
export function readResults(file: string): ReadResults {
  const text = readFileSync(file, "utf8");
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first, ...rest] = complete.split("\n").slice(0, -1);
  if (first === undefined) throw new ResultsError("line 1: expected a header of xen-balloon results, got none");
  const header = headerOf(first);
  const lines = rest.map((line, i) => lineOf(line, i + 2, header));
  const cut = text.length - complete.length;
  const notes = cut > 0 ? [`line ${lines.length + 2} was cut off as it was written: it is left out`] : [];
  return { header, lines, completeBytes: Buffer.byteLength(complete), notes };
}

function headerOf(line: string): Header {
  const header = parse(line, 1) as Partial<Header> & { readonly schema?: unknown };
  if (header?.kind !== "study" || header.format !== "xen-balloon results") {
    throw new ResultsError("line 1: expected a header of xen-balloon results, got something else");
  }
  if (header.schema !== SCHEMA) {
    throw new ResultsError(`line 1: expected results of schema ${SCHEMA}, got schema ${String(header.schema)}`);
  }
  return header as Header;
}

function lineOf(text: string, number: number, { cases }: Header): ResultLine {
  const line = parse(text, number) as Partial<ResultLine>;
  if (typeof line !== "object" || line === null || !KINDS.includes(line.kind ?? "")) {
    throw new ResultsError(`line ${number}: expected one of ${KINDS.join(", ")}, got ${text.slice(0, 60)}`);
  }
  if ("case" in line && !cases.some(({ id }) => id === line.case)) {
    throw new ResultsError(`line ${number}: expected a case of the header, got ${String(line.case)}`);
  }
  return line as ResultLine;
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ResultsError(`line ${number}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`);
  }
}

/**
 * Appends to a results file; every line is on the disk before it counts as measured. Nothing is written before the first
 * is: what could not begin leaves no file.
 */
export class ResultsWriter {
  readonly #open: () => number;
  /** What stands before the first line. */
  readonly #first: Header | ResultLine;
  #file: number | null = null;

  private constructor(open: () => number, first: Header | ResultLine) {
    this.#open = open;
    this.#first = first;
  }

  /** A file that is not there yet. */
  static create(file: string, header: Header): ResultsWriter {
    return new ResultsWriter(() => openSync(file, "ax"), header);
  }

  /** One to go on with: its complete lines are kept. */
  static resume(file: string, { completeBytes }: ReadResults, resumed: ResumedLine): ResultsWriter {
    return new ResultsWriter(() => {
      truncateSync(file, completeBytes);
      return openSync(file, "a");
    }, resumed);
  }

  append(line: ResultLine): void {
    if (this.#file === null) {
      this.#file = this.#open();
      this.#write(this.#file, this.#first);
    }
    this.#write(this.#file, line);
  }

  #write(file: number, line: Header | ResultLine): void {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}
