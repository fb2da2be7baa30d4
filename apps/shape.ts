/** Plain data from a file: that what is needed stands where it is needed. */

/** What stands at a path is not what it must be. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  readonly path: string;

  constructor(path: string, expected: string, value: unknown) {
    const text = JSON.stringify(value) ?? "nothing";
    super(`expected ${expected}, got ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
    this.path = path;
  }
}

export type Plain = Readonly<Record<string, unknown>>;

/** @throws ShapeError, as the others */
export function objectAt(path: string, value: unknown): Plain {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Plain;
  throw new ShapeError(path, "an object", value);
}

/** @param of - what it is a list of, for the message. */
export function listAt(path: string, value: unknown, of: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ShapeError(path, `a list of ${of}`, value);
}

/** 0 or more: nothing here is counted below it. */
export function numberAt(path: string, value: unknown): number {
  // JSON may have a number that is too large for one
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new ShapeError(path, "a number, 0 or more", value);
}

export function wholeAt(path: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new ShapeError(path, "a whole number, 0 or more", value);
}

export function textAt(path: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new ShapeError(path, "text", value);
}
