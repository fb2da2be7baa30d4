/** Packs the package and installs it, with all that is to use it, into a folder of its own. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { BROWSERS, DRIVERS } from "../support/browsers/all.js";
import { installPacked } from "../support/packed.js";
import { ensureRedis } from "../support/redis.js";
import { installNodeTypes } from "./node-types.js";
import { installRuntimes } from "./runtimes.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the consumer. */
    consumer: string;
    /** By browser, in the order of BROWSERS: whether it is there. */
    browsers: readonly boolean[];
    redis: boolean;
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
  bullmq: "6.7.0",
  ioredis: "6.0.0",
};

export default function install(project: TestProject): () => void {
  project.provide(
    "browsers",
    BROWSERS.map((browser) => browser.ensure()),
  );
  project.provide("redis", ensureRedis());
  const { folder, tarball } = installPacked({ ...TOOLS, ...DRIVERS });
  installRuntimes(folder);
  installNodeTypes(folder);
  writeFileSync(join(folder, "tarball.txt"), tarball);
  project.provide("consumer", folder);
  return () => rmSync(folder, { recursive: true });
}
