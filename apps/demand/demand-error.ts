/** An error for text that is no demand. It names the place, the expected value and the value that came. */
export class DemandError extends Error {
  override readonly name = "DemandError";

  /** @param place - `line 2, field 1 (character 3)`, or a path in JSON. */
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
  }
}

/** Describes a value for a message. */
export function quote(text: string): string {
  if (text === "") return "nothing";
  if (/^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$/.test(text)) return text;
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Says where a reader gives what a table does not tell. @param key - of DemandColumns. */
export function toldAs(key: string): string {
  return `as ${key} in the columns of a study`;
}
