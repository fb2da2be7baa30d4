/** Runs files of vectors, and tells what passes. */
import { objectAt, type Plain } from "../../shape.js";
import { type Difference, differences, type VectorKind } from "./kind.js";
import { KINDS } from "./kinds.js";

/** A file of vectors: JSON, a list of cases or lists of cases under names. */
export interface VectorFile {
  readonly name: string;
  readonly text: string;
}

/** How many cases passed and failed. */
export interface Verdict {
  passed: number;
  failed: number;
}

/** The verdict on all files. */
export interface Verdicts extends Verdict {
  /** The verdict on each policy that a case was of. */
  readonly ofPolicies: ReadonlyMap<string, Verdict>;
}

/**
 * Runs files. A line a file tells how many of its cases passed and failed; each difference, and each list of cases of no
 * kind that is known, has a line under it; the last line is the sum.
 *
 * @param files - in the order in which they are run
 * @param print - gets each line, without its end
 * @returns the sum. Cases of no kind that is known are in neither number.
 */
export function runVectors(files: Iterable<VectorFile>, print: (line: string) => void): Verdicts {
  const ofPolicies = new Map<string, Verdict>();
  const sum = { passed: 0, failed: 0, ofPolicies };
  for (const { name, text } of files) {
    const lines: string[] = [];
    const verdict = runFile(text, ofPolicies, (line) => lines.push(line));
    print(`${name}: ${verdict.passed} passed, ${verdict.failed} failed`);
    for (const line of lines) print(`  ${line}`);
    sum.passed += verdict.passed;
    sum.failed += verdict.failed;
  }
  print(`${sum.passed} passed, ${sum.failed} failed`);
  return sum;
}

function runFile(text: string, ofPolicies: Map<string, Verdict>, print: (line: string) => void): Verdict {
  const verdict: Verdict = { passed: 0, failed: 0 };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    print(`not a kind that is known: not JSON (${(error as Error).message})`);
    return verdict;
  }
  const file: Plain = Array.isArray(parsed) ? {} : objectAt("the file", parsed);
  const lists = Array.isArray(parsed) ? [parsed] : Object.values(file);
  const unknown = new Map<string, number>();
  for (const entry of lists.filter((list) => Array.isArray(list)).flat()) {
    const kind = isPlain(entry) ? KINDS.find((candidate) => candidate.knows(entry)) : undefined;
    if (kind === undefined) {
      const fields = isPlain(entry) ? describe(entry) : JSON.stringify(entry);
      unknown.set(fields, (unknown.get(fields) ?? 0) + 1);
      continue;
    }
    const found = runCase(kind, entry, file);
    count(verdict, found.length === 0);
    if (kind.policy !== undefined) count(verdictOn(kind.policy, ofPolicies), found.length === 0);
    for (const { where, expected, got } of found) {
      print(`${nameOf(entry)}: ${where}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
    }
  }
  if (verdict.passed + verdict.failed + unknown.size === 0) print("not a kind that is known: no list of cases");
  for (const [fields, count] of unknown) print(`not a kind that is known: ${count} × ${fields}`);
  return verdict;
}

function count(verdict: Verdict, passed: boolean): void {
  if (passed) verdict.passed++;
  else verdict.failed++;
}

function verdictOn(policy: string, ofPolicies: Map<string, Verdict>): Verdict {
  const verdict = ofPolicies.get(policy) ?? { passed: 0, failed: 0 };
  ofPolicies.set(policy, verdict);
  return verdict;
}

/** A case that cannot be run fails: one that is misread must not pass. */
function runCase(kind: VectorKind, entry: Plain, file: Plain): readonly Difference[] {
  try {
    return kind.run(entry, file);
  } catch (error) {
    return differences("the run", "an answer", error instanceof Error ? `${error.name}: ${error.message}` : error);
  }
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names a case for messages. */
function nameOf(entry: Plain): string {
  const named = ["fn", "name", "id", "args"].flatMap((key) => (typeof entry[key] === "string" ? [entry[key]] : []));
  return named.join(" ") || `${JSON.stringify(entry).slice(0, 60)}…`;
}

/** Describes a case of no kind that is known by the function or the fields that it has. */
function describe(entry: Plain): string {
  return typeof entry.fn === "string" ? `fn ${entry.fn}` : Object.keys(entry).join(", ");
}
