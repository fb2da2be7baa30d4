/** The results file: written a line at a time as it comes, read whole. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { type Header, type ResultLine, type Results, SCHEMA } from "./results.js";

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

/** Appends to a results file; every line is on the disk before it counts as measured. */
export class ResultsWriter {
  readonly #file: number;

  /** @param file - a new one, or one to go on with, whose complete lines are kept. */
  private constructor(file: string, flags: "ax" | "a") {
    this.#file = openSync(file, flags);
  }

  /** @throws ResultsError when there is such a file */
  static create(file: string, header: Header): ResultsWriter {
    if (existsSync(file)) throw new ResultsError(`${file} is there already`);
    const writer = new ResultsWriter(file, "ax");
    writer.#append(header);
    return writer;
  }

  static resume(file: string, { completeBytes }: ReadResults): ResultsWriter {
    truncateSync(file, completeBytes);
    return new ResultsWriter(file, "a");
  }

  append(line: ResultLine): void {
    this.#append(line);
  }

  #append(line: Header | ResultLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
