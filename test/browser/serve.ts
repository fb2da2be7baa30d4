/** Installs the packed package, and has it serve the laboratory. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { BROWSERS, DRIVERS } from "../support/browsers/all.js";
import { installPacked } from "../support/packed.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the installed package, and the laboratory's address. Both are empty without a browser. */
    installed: string;
    laboratory: string;
    /** By browser, in the order of BROWSERS: whether it is there. */
    browsers: readonly boolean[];
  }
}

export default async function serve(project: TestProject): Promise<() => void> {
  const browsers = BROWSERS.map((browser) => browser.ensure());
  project.provide("browsers", browsers);
  if (!browsers.includes(true)) {
    project.provide("installed", "");
    project.provide("laboratory", "");
    return () => undefined;
  }
  const { folder } = installPacked(DRIVERS);
  // a process group of its own: npx starts the command as its child
  const npx = spawn("npx", ["--no-install", "xen-balloon", "serve", "--port", "0"], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = (): void => {
    if (npx.pid !== undefined && npx.exitCode === null) process.kill(-npx.pid);
    rmSync(folder, { recursive: true });
  };
  const said = await Promise.race([
    once(npx.stdout, "data").then(([line]) => String(line).trim()),
    once(npx, "exit").then(([status]) => Promise.reject(new Error(`xen-balloon serve ended with status ${status}`))),
  ]);
  project.provide("installed", folder);
  project.provide("laboratory", said);
  return stop;
}
