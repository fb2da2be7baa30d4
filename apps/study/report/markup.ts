/** Writes elements of HTML and SVG. */

/** Attributes by name; numbers are lengths. */
export type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for an element or a quoted attribute; control characters become the replacement character. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]).replace(/[^\P{Cc}\n\t]/gu, "\ufffd");
}

/**
 * Writes an element.
 *
 * @param attributes - texts, escaped here; numbers are lengths, rounded to tenths.
 * @param children - markup. Without any the element closes itself, which HTML allows in SVG alone.
 * @throws RangeError: a number is not finite
 */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let start = `<${name}`;
  for (const [attribute, value] of Object.entries(attributes)) {
    start += ` ${attribute}="${typeof value === "number" ? inTenths(value) : escapeText(value)}"`;
  }
  return children.length === 0 ? `${start}/>` : `${start}>${children.join("")}</${name}>`;
}

/**
 * Writes a length, rounded to tenths, as briefly as possible: `.5`, `-12.3`, `7`.
 *
 * @throws RangeError: it is not finite
 */
export function inTenths(length: number): string {
  if (!Number.isFinite(length)) throw new RangeError(`expected a finite length, got ${length}`);
  return String(Math.round(length * 10) / 10).replace(/^(-?)0\./, "$1.");
}
