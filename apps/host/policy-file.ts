/** Policies of the user's own: modules, and what they import from beside them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { initSync, parse } from "es-module-lexer";
import { sha256 } from "../study/contents.js";

/** A module of a policy. */
export interface PolicyModule {
  readonly path: string;
  /** The SHA-256 of its bytes when the plan was read, in hexadecimal. */
  readonly sha256: string;
}

/** A policy of the user's own. */
export interface PolicyFile {
  /** Its name in the plan. */
  readonly name: string;
  readonly path: string;
  /** The module, and all that it imports by relative names, and they import. */
  readonly modules: readonly PolicyModule[];
}

/**
 * Lists the modules that a module imports by relative names, named as it is. A module that cannot be read as one has none
 * here: its import fails and says why.
 *
 * @param name - of the module, relative to the plan.
 */
export function importsOf(bytes: Uint8Array, name: string): readonly string[] {
  initSync();
  try {
    const [imports] = parse(new TextDecoder().decode(bytes), name);
    return imports.flatMap(({ n: imported }) =>
      imported?.startsWith(".") ? [posix.join(posix.dirname(name), imported)] : [],
    );
  } catch {
    return [];
  }
}

/** @throws Error: a module is not what it was when the plan was read */
export function requireSame({ name, path, modules }: PolicyFile): void {
  for (const one of modules) {
    if (sha256(readFileSync(one.path)) === one.sha256) continue;
    throw new Error(
      `${name}${one.path === path ? "" : `: ${one.path}, which it imports,`} has changed since the plan was read`,
    );
  }
}

/**
 * Finds the syntax error of a policy; null where there is none, or where the runtime's own error says where it is. Node's
 * error of an import does not.
 *
 * @returns `mine.mjs, line 2: Unexpected token ';'`.
 */
export function syntaxProblem({ modules }: PolicyFile): string | null {
  if (process.versions.bun !== undefined || process.versions.deno !== undefined) return null;
  for (const { path } of modules) {
    const { stderr } = spawnSync(process.execPath, ["--input-type=module", "--check"], {
      input: readFileSync(path),
      encoding: "utf8",
    });
    const [, line] = /^\[stdin\]:(\d+)$/m.exec(stderr) ?? [];
    const [, problem] = /^SyntaxError: (.*)$/m.exec(stderr) ?? [];
    if (line !== undefined && problem !== undefined) return `${path}, line ${line}: ${problem}`;
  }
  return null;
}
