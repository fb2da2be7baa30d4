/** Collects the doubts of a study or a plan. */
import type { StudyError } from "./source.js";

/** Doubts by field: of those about one field the first is told, and how many more there are. */
export class DoubtList {
  readonly #byField = new Map<string, { readonly first: string; readonly problems: Set<string> }>();

  add({ field, message, problem }: StudyError): void {
    const known = this.#byField.get(field) ?? { first: message, problems: new Set() };
    known.problems.add(problem);
    this.#byField.set(field, known);
  }

  get texts(): readonly string[] {
    return [...this.#byField.values()].map(({ first, problems: { size } }) =>
      size === 1 ? first : `${first}; and ${size - 1} more like it`,
    );
  }
}
