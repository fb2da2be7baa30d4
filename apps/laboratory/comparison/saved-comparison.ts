/** A comparison in the comment lines of a file or a link: both sides, the operations, and what of them is compared. */
import { quote, ScriptError } from "xen-balloon/core";
import { type Both, both, NAMES, SIDE_ENGINES, SIDES, type Side, type SideEngine } from "./side.js";

/** `behaviour`: curves, counts and the account, which are exact. `time`: how long the operations take here. */
export const ASPECTS = ["behaviour", "time"] as const;
export type Aspect = (typeof ASPECTS)[number];

export interface SavedComparison {
  readonly aspect: Aspect;
  readonly sides: Both<Side>;
  /** Lines of a script that follow the boot. */
  readonly operations: string;
}

const LINE = /^# compare (\S+) ?(.*)$/;

/** Writes the lines, each of which is a comment of a script. */
export function comparisonLines({ aspect, sides, operations }: SavedComparison): string[] {
  const entries = [
    ["aspect", aspect],
    ...SIDES.flatMap((side) => {
      const { config, engine, build } = sides[side];
      const lines = config.split("\n").filter((line) => line !== "");
      return [
        ["engine", engine],
        ...(build === "" ? [] : [["build", build]]),
        ...lines.map((line) => ["boots", line]),
      ].map(([key, value]) => [`${NAMES[side]}.${key}`, value]);
    }),
    ...operations.split("\n").map((line) => ["do", line]),
  ];
  return entries.map(([key, value]) => `# compare ${key} ${value}`.trimEnd());
}

/** Whether a line is one of a comparison. */
export function isComparisonLine(line: string): boolean {
  return LINE.test(line);
}

/**
 * Reads lines that `isComparisonLine` has found.
 *
 * @param first - the number of the first line in its file.
 * @returns null: there are none.
 * @throws ScriptError: the first wrong line
 */
export function readComparison(lines: readonly string[], first: number): SavedComparison | null {
  if (lines.length === 0) return null;
  let aspect: Aspect = "behaviour";
  const sides = both(() => ({ config: [] as string[], engine: "wasm" as SideEngine, build: "" }));
  const operations: string[] = [];
  for (const [i, line] of lines.entries()) {
    const [, key, value] = LINE.exec(line) as unknown as [string, string, string];
    const one = <T extends string>(words: readonly T[]): T => {
      const found = words.find((word) => word === value);
      if (found === undefined) {
        throw new ScriptError(first + i, `compare: ${key}: expected ${words.join(" or ")}, got ${quote(value)}`);
      }
      return found;
    };
    const named = SIDES.find((side) => key.startsWith(`${NAMES[side]}.`));
    const what = key.slice(key.indexOf(".") + 1);
    if (key === "aspect") aspect = one(ASPECTS);
    else if (key === "do") operations.push(value);
    else if (named !== undefined && what === "engine") sides[named].engine = one(SIDE_ENGINES);
    else if (named !== undefined && what === "build") sides[named].build = value;
    else if (named !== undefined && what === "boots") sides[named].config.push(value);
    else throw new ScriptError(first + i, `compare: no key ${quote(key)}`);
  }
  const read = both((side) => ({ ...sides[side], config: sides[side].config.join("\n") }));
  return { aspect, sides: read, operations: operations.join("\n") };
}
