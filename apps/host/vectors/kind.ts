/** A kind of vectors: cases that say what was asked and what the daemon answered. */
import type { Plain } from "../../shape.js";

/** A place where the answer differs. */
export interface Difference {
  /** The step or field. */
  readonly where: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** One kind of case. A file may hold several. */
export interface VectorKind {
  /** The policy whose decisions it holds; left out where it holds something else. */
  readonly policy?: "qmemman" | "squeezed" | "xl";
  /** Recognises a case by its content. */
  knows(entry: Plain): boolean;
  /**
   * Runs a case.
   *
   * @param file - the whole file, for what stands beside its cases; empty where the file is a list
   * @returns the differences, none if the case passes.
   */
  run(entry: Plain, file: Plain): readonly Difference[];
}

/** Compares two values of plain data field by field. */
export function differences(where: string, expected: unknown, got: unknown): Difference[] {
  if (Object.is(expected, got)) return [];
  const bothLists = Array.isArray(expected) && Array.isArray(got);
  if (bothLists && expected.length === got.length && expected.some((element) => typeof element === "object")) {
    return expected.flatMap((element, index) => differences(`${where}[${index}]`, element, got[index]));
  }
  if (!Array.isArray(expected) && !Array.isArray(got) && isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => differences(`${where}.${key}`, expected[key], got[key]));
  }
  if (bothLists && JSON.stringify(expected) === JSON.stringify(got)) return [];
  return [{ where, expected, got }];
}

const isObject = (value: unknown): value is Plain => typeof value === "object" && value !== null;
