/** The package as it would be published, in a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Packed {
  readonly folder: string;
  /** The tarball's name, in the folder. */
  readonly tarball: string;
}

/** Packs it, and installs it and these packages into a new folder. What was built before is packed. */
export function installPacked(devDependencies: Readonly<Record<string, string>>): Packed {
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-consumer-"));
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [{ filename }] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", folder));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: { "xen-balloon": `file:${filename}` },
      devDependencies,
    }),
  );
  npm(folder, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
  return { folder, tarball: filename };
}
