/** Reads the fields of a map in a plan's text: each error names its line and field. */
import { messageOf, quote } from "xen-balloon/core";
import type { Path, StudyError, StudySource } from "../../study/source.js";

export class Fields {
  readonly path: Path;
  readonly #source: StudySource;
  readonly #values: Readonly<Record<string, unknown>>;

  /**
   * @param known - the keys that may be there.
   * @param refused - keys of a plan that the laboratory cannot have, with the reason.
   * @throws StudyError: no map, or a key that may not be there
   */
  constructor(
    source: StudySource,
    path: Path,
    value: unknown,
    known: readonly string[],
    refused: Readonly<Record<string, string>> = {},
  ) {
    this.#source = source;
    this.path = path;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw source.error(path, `expected keys with values, got ${told(value)}`);
    }
    this.#values = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(refused, key)) throw this.error(key, refused[key]);
      if (!known.includes(key)) throw this.error(key, `expected one of ${known.join(", ")}, got ${key}`);
    }
  }

  error(key: string, problem: string): StudyError {
    return this.#source.error([...this.path, key], problem);
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  value(key: string): unknown {
    return this.#values[key];
  }

  /** A text; `other` where it is left out, an error if that is left out, too. */
  text(key: string, other?: string): string {
    const value = this.#values[key] ?? other;
    if (value === undefined) throw this.#source.error(this.path, `expected a key ${key}, got none`);
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    throw this.error(key, `expected a text, got ${told(value)}`);
  }

  /** A text that `read` understands. */
  read<T>(key: string, read: (text: string) => T, other?: string): T {
    const text = this.text(key, other);
    try {
      return read(text);
    } catch (error) {
      throw this.error(key, messageOf(error));
    }
  }

  /** The same, undefined where it is left out. */
  readIfThere<T>(key: string, read: (text: string) => T): T | undefined {
    return this.has(key) ? this.read(key, read) : undefined;
  }

  /** One of some words. */
  choice<T extends string>(key: string, words: readonly T[], other?: T): T {
    const value = this.#values[key] ?? other;
    const word = words.find((each) => each === String(value));
    if (word !== undefined) return word;
    if (value === undefined) {
      throw this.#source.error(this.path, `expected a key ${key}: ${words.join(", ")}; got none`);
    }
    const list = Array.isArray(value) ? ". A list makes many cases: the laboratory shows one" : "";
    throw this.error(key, `expected one of ${words.join(", ")}, got ${told(value)}${list}`);
  }

  number(key: string, least: number, most: number, other: number): number {
    const value = this.#values[key] ?? other;
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw this.error(key, `expected a number from ${least} to ${most}, got ${told(value)}`);
  }

  flag(key: string): boolean {
    const value = this.#values[key] ?? true;
    if (typeof value === "boolean") return value;
    throw this.error(key, `expected true or false, got ${told(value)}`);
  }
}

/** Tells what came, in a word or two. */
function told(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "keys with values" : quote(String(value));
}
