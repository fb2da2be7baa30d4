/** The package as it would be published, in a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Packed {
  readonly folder: string;
  /** The tarball's name, in the folder. */
  readonly tarball: string;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** Installs packages into a folder. None of their scripts is run. */
export function install(folder: string, manifest: object, ...flags: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", ...manifest }));
  npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...flags);
}

/** Packs it, and installs it and these packages into a new folder. What was built before is packed. */
export function installPacked(devDependencies: Readonly<Record<string, string>>): Packed {
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-consumer-"));
  const [{ filename }] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", folder));
  install(folder, { dependencies: { "xen-balloon": `file:${filename}` }, devDependencies });
  return { folder, tarball: filename };
}
