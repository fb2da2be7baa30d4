/** Finds the scripts of another build of the package, which runs cases in the same rounds as this one. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Unpacked, unpack } from "./tarball.js";

/** The scripts that run cases. */
export type CaseScript = "exact-thread" | "timed-process";

/** The path of a build's script. */
export function scriptOf(folder: string, script: CaseScript): string {
  return join(folder, "dist", "cli", `${script}.js`);
}

/**
 * Hashes all that the scripts of a build may run.
 *
 * @returns SHA-256, in hexadecimal
 * @throws Error: the folder holds no build
 */
export function hashOfBuild(folder: string): string {
  const missing = (["exact-thread", "timed-process"] as const).find((script) => !existsSync(scriptOf(folder, script)));
  if (missing !== undefined) {
    throw new Error(
      `expected a build of xen-balloon, a folder or a tarball (.tgz), got one without ${scriptOf("", missing)}`,
    );
  }
  const hash = createHash("sha256");
  for (const part of ["build", "dist"]) {
    const files = readdirSync(join(folder, part), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(js|wasm)$/.test(name)).sort()) {
      hash.update(`${part}/${file}\0`).update(readFileSync(join(folder, part, file)));
    }
  }
  return hash.digest("hex");
}

/** The folders of builds. Those that are tarballs are unpacked into temporary folders, until `remove`. */
export class BuildFolders {
  readonly #unpacked = new Map<string, Unpacked>();

  /**
   * Finds the folder of a build.
   *
   * @param path - a folder or a tarball.
   * @throws Error: there is none, or the tarball cannot be unpacked
   */
  of(path: string): string {
    const { root } = this.#unpacked.get(path) ?? {};
    if (root !== undefined) return root;
    if (!existsSync(path)) throw new Error(`${path}: no such folder or tarball`);
    if (statSync(path).isDirectory()) return path;
    const unpacked = unpack(path);
    this.#unpacked.set(path, unpacked);
    return unpacked.root;
  }

  /** Removes what was unpacked. */
  remove(): void {
    for (const { folder } of this.#unpacked.values()) rmSync(folder, { recursive: true, force: true });
    this.#unpacked.clear();
  }
}
