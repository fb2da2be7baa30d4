/** Reads the text of a study, YAML or JSON, and finds the line of each field. */

import { messageOf } from "xen-balloon/core";
import { type Document, isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";

/** Keys and indices from the root of a document. */
export type Path = readonly (string | number)[];

/** A study that cannot be run. The message names the line and the field, what was expected and what came. */
export class StudyError extends Error {
  override readonly name = "StudyError";
  /** Number of the line in the study, from 1. */
  readonly line: number;
  /** The field's path, as `factors.scrub.levels[0]`; empty for the whole. */
  readonly field: string;
  /** The message without its place. */
  readonly problem: string;

  constructor(line: number, field: string, problem: string) {
    super(`line ${line}${field === "" ? "" : `, ${field}`}: ${problem}`);
    this.line = line;
    this.field = field;
    this.problem = problem;
  }
}

/** The text of a study. */
export class StudySource {
  /** The document as plain data. */
  readonly data: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** @throws StudyError: text that is no YAML */
  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
    const [error] = this.#document.errors;
    if (error !== undefined) throw new StudyError(this.#lineAt(error.pos[0]), "", `expected YAML: ${error.message}`);
    this.data = this.#plain();
  }

  #plain(): unknown {
    try {
      return this.#document.toJS();
    } catch (error) {
      let line = 1;
      visit(this.#document, {
        Alias: (_, alias) => {
          if (alias.resolve(this.#document) !== undefined) return undefined;
          line = this.#lineAt(alias.range?.[0] ?? 0);
          return visit.BREAK;
        },
      });
      throw new StudyError(line, "", `expected YAML: ${messageOf(error)}`);
    }
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }

  /** The keys at a path in the order of the text: plain data would have whole numbers first. */
  keysAt(path: Path): readonly string[] {
    const node = this.#document.getIn(path, true);
    const map = isAlias(node) ? node.resolve(this.#document) : node;
    return isMap(map) ? map.items.map(({ key }) => String(key)) : [];
  }

  /** Makes the error of the field at a path; a field that is missing has the line of the field around it. */
  error(path: Path, problem: string): StudyError {
    return new StudyError(this.#lineOf(path), fieldOf(path), problem);
  }

  /** The line of the key rather than of its value, which may begin in the next line. */
  #lineOf(path: Path): number {
    if (path.length === 0) return 1;
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const name = path[path.length - 1];
    if (isMap(parent)) {
      const key = parent.items.map((item) => item.key).find((item) => isScalar(item) && String(item.value) === name);
      if (isScalar(key) && key.range) return this.#lineAt(key.range[0]);
    }
    const node = this.#document.getIn(path, true) as { range?: readonly [number, number, number] | null } | undefined;
    return node?.range ? this.#lineAt(node.range[0]) : this.#lineOf(path.slice(0, -1));
  }
}

/** A path as messages have it: `factors.scrub.levels[0]`. */
export function fieldOf(path: Path): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");
}
