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
  return Object.fromEntries(
    Object.entries<Kind<unknown>>(KINDS).map(([name, { pattern, read, byXen }]) => {
      const seen = new Map<string, Fact<unknown>>();
      for (const each of lines) {
        if (isOfXen(each) && !byXen) continue;
        const match = matchFolded(pattern, each);
        if (match === null) continue;
        const value = read(match, each.line);
        const key = JSON.stringify(value);
        if (!seen.has(key)) seen.set(key, { value, line: each.line });
      }
      return [name, [...seen.values()]];
    }),
  ) as unknown as Facts;
}

/** Xen's own lines, and those of another domain on Xen's console. */
export function isOfXen({ text }: LogLine): boolean {
  return /\(XEN\)|^\s*(?:\[[^\]]*\]\s*)?\(d\d+\)/.test(text);
}

/** Matches a line, or the line with what was folded off it: a match that goes on in the rest is the whole one. */
export function matchFolded(pattern: RegExp, { text, rest }: LogLine): RegExpExecArray | null {
  const alone = pattern.exec(text);
  for (let count = rest.length; count > 0; count--) {
    for (const separator of ["", " "]) {
      const joined = pattern.exec([text, ...rest.slice(0, count)].join(separator));
      if (joined && joined.index < text.length && joined.index + joined[0].length > text.length + separator.length) {
        return joined;
      }
    }
  }
  return alone;
}
