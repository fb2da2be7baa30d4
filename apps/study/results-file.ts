/** Reads a results file, and writes one a line at a time. */
import { closeSync, fsyncSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { messageOf } from "xen-balloon/core";
import { ShapeError } from "../shape.js";
import type { ExactMeasures, Header, ResultLine, Results, ResumedLine } from "./results.js";
import { headerOf, lineOf } from "./results-shape.js";

/** A file that holds no results of this version. The message names the line, what was expected and what came. */
export class ResultsError extends Error {
  override readonly name = "ResultsError";
}

/** Results that were read, with notes on what was left out. */
export interface ReadResults<H = Header, M = ExactMeasures> extends Results<H, M> {
  /** Bytes of the complete lines; a line after them was cut off as it was written. */
  readonly completeBytes: number;
  /** Notes for the reader; empty where all is well. */
  readonly notes: readonly string[];
}

/** The lines of one kind of results. Each function checks plain data, and throws ShapeError: the first field that is wrong. */
export interface LineShapes<H, M> {
  readonly headerOf: (value: unknown) => H;
  readonly lineOf: (value: unknown) => ResultLine<M>;
}

/**
 * Reads the results of a study.
 *
 * @param text - the whole file.
 * @throws ResultsError
 */
export function readResults(text: string): ReadResults {
  return readLines(text, { headerOf, lineOf });
}

/**
 * Reads the results of a kind.
 *
 * @param text - the whole file.
 * @throws ResultsError
 */
export function readLines<H extends { readonly cases: readonly { readonly id: string }[] }, M>(
  text: string,
  { headerOf, lineOf }: LineShapes<H, M>,
): ReadResults<H, M> {
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first, ...rest] = complete.split("\n").slice(0, -1);
  if (first === undefined) throw new ResultsError("line 1: expected a header of xen-balloon results, got none");
  const header = parsed(first, 1, headerOf);
  const ids = new Set(header.cases.map(({ id }) => id));
  const lines = rest.map((text, i) => {
    const line = parsed(text, i + 2, lineOf);
    if ("case" in line && !ids.has(line.case)) {
      throw new ResultsError(`line ${i + 2}: expected a case of the header, got ${line.case}`);
    }
    return line;
  });
  const cut = text.length - complete.length;
  const notes = cut > 0 ? [`line ${lines.length + 2} was cut off as it was written: it is left out`] : [];
  return { header, lines, completeBytes: Buffer.byteLength(complete), notes };
}

function parsed<T>(text: string, number: number, shaped: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ResultsError(`line ${number}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}`);
  }
  try {
    return shaped(value);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ResultsError(`line ${number}${error.path === "" ? "" : `, ${error.path}`}: ${error.message}`);
  }
}

/**
 * Appends to a results file; every line is on the disk before it counts as measured. The file is made with the first
 * line, so that a study that cannot begin leaves none. Nobody else may write to it meanwhile.
 */
export class ResultsWriter {
  /** Opens the file and writes the line before the first measurement: the header, or that the study was resumed. */
  readonly #begin: () => number;
  #file: number | null = null;

  private constructor(begin: () => number) {
    this.#begin = begin;
  }

  /** Writes a new file; one that exists is an error of the first append. */
  static create(file: string, header: object): ResultsWriter {
    return new ResultsWriter(() => {
      const opened = openSync(file, "ax");
      try {
        return write(opened, header);
      } catch (error) {
        // a study cannot be resumed from half a header
        closeSync(opened);
        rmSync(file);
        throw error;
      }
    });
  }

  /** Writes on in a file, after its complete lines. */
  static resume(
    file: string,
    { completeBytes }: Pick<ReadResults, "completeBytes">,
    resumed: ResumedLine,
  ): ResultsWriter {
    return new ResultsWriter(() => {
      truncateSync(file, completeBytes);
      return write(openSync(file, "a"), resumed);
    });
  }

  /** @throws ResultsError: the line cannot be written; those before it are. */
  append(line: ResultLine<unknown>): void {
    try {
      this.#file ??= this.#begin();
      write(this.#file, line);
    } catch (error) {
      throw new ResultsError(`cannot be written: ${messageOf(error)}`, { cause: error });
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}

/**
 * Writes a line and waits until it is on the disk.
 *
 * @returns the file.
 */
function write(file: number, line: object): number {
  writeFileSync(file, `${JSON.stringify(line)}\n`);
  fsyncSync(file);
  return file;
}
