/** Checks the shape of plain data from a file. */

/** An error for a value with the wrong shape. It names the path. */
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

/** @throws ShapeError: the value has the wrong shape */
export function objectAt(path: string, value: unknown): Plain {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Plain;
  throw new ShapeError(path, "an object", value);
}

/** @param of - the kind of its elements, for the message. */
export function listAt(path: string, value: unknown, of: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ShapeError(path, `a list of ${of}`, value);
}

/** Requires a number of 0 or more, because every count here is at least 0. */
export function numberAt(path: string, value: unknown): number {
  // JSON can have a number too large for a double
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
