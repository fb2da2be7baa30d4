/** Reads the lines that carry a memory figure. Nothing is computed here. */
import type { LogLine } from "./capture.js";
import { type FactValues, KINDS, type Kind } from "./fact-kinds.js";

/** A value that a line carries, and the number of the line (the first is 1). */
export interface Fact<T = number> {
  readonly value: T;
  readonly line: number;
}

/** Every fact of one boot by its kind, in the order of the lines. Equal lines count once. */
export type Facts = { readonly [Name in keyof FactValues]: readonly Fact<FactValues[Name]>[] };

/** Reads every line of the table. */
export function readFacts(lines: readonly LogLine[]): Facts {
  const kinds = Object.entries<Kind<unknown>>(KINDS).map(([name, kind]) => ({
    ...kind,
    name,
    seen: new Map<string, Fact<unknown>>(),
  }));
  for (const line of lines) {
    const ofXen = isOfXen(line);
    const folded = foldedTexts(line);
    for (const { pattern, read, byXen, seen } of kinds) {
      const match = ofXen && !byXen ? null : matchFolded(pattern, line.text, folded);
      if (match === null) continue;
      const value = read(match, line.line);
      const key = JSON.stringify(value);
      if (!seen.has(key)) seen.set(key, { value, line: line.line });
    }
  }
  return Object.fromEntries(kinds.map(({ name, seen }) => [name, [...seen.values()]])) as unknown as Facts;
}

/** Xen's own lines, and those of another domain on Xen's console. */
export function isOfXen({ text }: LogLine): boolean {
  return /\(XEN\)|^\s*(?:\[[^\]]*\]\s*)?\(d\d+\)/.test(text);
}

/** A line with what was folded off it; a match that ends after `seam` goes on in the rest. */
interface FoldedText {
  readonly text: string;
  readonly seam: number;
}

/** Joins the line and its rests, the longest first, as a terminal (anywhere) and a mail program (at a space) fold it. */
function foldedTexts({ text, rest }: LogLine): FoldedText[] {
  return rest
    .map((_, index) => [text, ...rest.slice(0, index + 1)])
    .reverse()
    .flatMap((parts) => ["", " "].map((gap) => ({ text: parts.join(gap), seam: text.length + gap.length })));
}

/** Matches a line alone, unless a match goes on in the rest: then that is the whole one. */
function matchFolded(pattern: RegExp, text: string, folded: readonly FoldedText[]): RegExpExecArray | null {
  for (const each of folded) {
    const match = pattern.exec(each.text);
    if (match && match.index < text.length && match.index + match[0].length > each.seam) return match;
  }
  return pattern.exec(text);
}
