/** Finds the scripts of another build of the package, which runs cases in the same rounds as this one. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The scripts that run cases. */
export type CaseScript = "exact-thread" | "timed-process";

/** The path of a build's script. */
export function scriptOf(folder: string, script: CaseScript): string {
  return join(folder, "dist", "cli", `${script}.js`);
}

/**
 * The id of a build: a hash of all that its scripts may run.
 *
 * @throws Error: the folder holds no build
 */
export function idOfBuild(folder: string): string {
  const missing = (["exact-thread", "timed-process"] as const)
    .map((script) => scriptOf(folder, script))
    .find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new Error(`expected the folder of a build of xen-balloon, got one without ${missing}`);
  const hash = createHash("sha256");
  for (const part of ["build", "dist"]) {
    const files = readdirSync(join(folder, part), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(js|wasm)$/.test(name)).sort()) {
      hash.update(`${part}/${file}\0`).update(readFileSync(join(folder, part, file)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
