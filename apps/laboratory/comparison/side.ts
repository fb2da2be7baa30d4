/** The two sides of a comparison: the guest that each boots and what runs it; and in what they differ. */
import { CONFIG_KEYS, type ConfigKey, parseScript, WORLD_OPTIONS } from "xen-balloon/core";

/** The engines that a page has. */
export const SIDE_ENGINES = ["wasm", "reference"] as const;
export type SideEngine = (typeof SIDE_ENGINES)[number];

/** One side. */
export interface Side {
  /** The config lines of a script. */
  readonly config: string;
  readonly engine: SideEngine;
  /** The folder or tarball of another build, which no page can load: the study file has it. Empty: this one. */
  readonly build: string;
}

/** Something for each side. */
export interface Both<T> {
  readonly a: T;
  readonly b: T;
}

export const SIDES: readonly (keyof Both<unknown>)[] = ["a", "b"];
/** The sides as a reader knows them. */
export const NAMES: Both<string> = { a: "A", b: "B" };

/** Makes something for each side. */
export function both<T>(make: (side: keyof Both<unknown>) => T): Both<T> {
  return { a: make("a"), b: make("b") };
}

/** The keys of config lines, and the two that are no option of a guest. */
const OTHER_KEYS = ["engine", "build"] as const;

/** The words of config lines: `key=value`. */
function wordsOf(config: string): string[] {
  const words = config.split("\n").flatMap((line) => line.trim().split(/[ \t]+/));
  return words.filter((word) => word.includes("="));
}

function keyOf(word: string): string {
  return word.slice(0, word.indexOf("="));
}

/** The values of a key in config lines, in their order: regions have several. */
function valuesOf(config: string, key: string): string[] {
  return wordsOf(config)
    .filter((word) => keyOf(word) === key)
    .map((word) => word.slice(key.length + 1));
}

function lineOf(words: readonly string[]): string {
  return words.length === 0 ? "" : `config ${words.join(" ")}`;
}

/** The values that a guest would have; null where the lines are no configuration. */
function complete(config: string): Readonly<Record<string, unknown>> | null {
  try {
    const { guest, ...host } = parseScript(config).config;
    return { ...guest, ...host };
  } catch {
    return null;
  }
}

/** The keys in which the sides differ, in the order of the form; a default that follows another option is no key. */
export function differences({ a, b }: Both<Side>): string[] {
  const values = [complete(a.config), complete(b.config)];
  const differs = ({ key, name }: ConfigKey): boolean => {
    const written = [valuesOf(a.config, key), valuesOf(b.config, key)];
    if (String(written[0]) === String(written[1])) return false;
    const [one, other] = values.map((all) => all?.[name]);
    return one === undefined || other === undefined || JSON.stringify(one) !== JSON.stringify(other);
  };
  return [
    ...CONFIG_KEYS.filter(differs).map(({ key }) => key),
    ...OTHER_KEYS.filter((key) => a[key].trim() !== b[key].trim()),
  ];
}

/** The same configuration with the driver of the other generation, without what that does not have. */
export function otherGeneration(config: string): string {
  const { values, default: byDefault } = WORLD_OPTIONS.driver as { values: readonly string[]; default: string };
  const driver = valuesOf(config, "driver").at(-1) ?? byDefault;
  const other = values.find((value) => value !== driver) as string;
  const kept = wordsOf(config).filter((word) => {
    const option = CONFIG_KEYS.find(({ key }) => key === keyOf(word))?.option;
    return keyOf(word) !== "driver" && (option?.generation === undefined || option.generation === other);
  });
  return lineOf([`driver=${other}`, ...kept]);
}

/** Makes the B for another A: equal to it but for the keys in which B differed from the A before. */
export function keepDifferences(before: Both<string>, a: string): string {
  const keys = CONFIG_KEYS.map(({ key }) => key).filter(
    (key) => String(valuesOf(before.a, key)) !== String(valuesOf(before.b, key)),
  );
  const kept = wordsOf(a).filter((word) => !keys.includes(keyOf(word)));
  const own = wordsOf(before.b).filter((word) => keys.includes(keyOf(word)));
  return lineOf([...own, ...kept]);
}

/** Tells in a line in what they differ. */
export function tellDifferences(keys: readonly string[]): string {
  if (keys.length === 0) return "A and B are the same: nothing will differ.";
  return `B differs from A in: ${keys.join(", ")}`;
}

/** Tells the values of a side for the keys in which the sides differ, in a line: `driver modern, scrub 0`. */
export function tellSide(side: Side, keys: readonly string[]): string {
  const values = complete(side.config);
  const told = keys.map((key) => {
    if (key === "engine") return `engine ${side.engine}`;
    if (key === "build") return `build ${side.build === "" ? "of this page" : side.build}`;
    const written = valuesOf(side.config, key);
    const value = values?.[CONFIG_KEYS.find((each) => each.key === key)?.name ?? ""];
    return `${key} ${written.length > 0 ? written.join(" and ") : defaultText(value)}`;
  });
  return told.join(", ");
}

function defaultText(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return value === undefined || typeof value === "object" ? "none" : String(value);
}
