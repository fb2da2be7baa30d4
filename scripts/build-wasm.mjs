#!/usr/bin/env node
// Builds the Wasm modules, release and debug, into build/ (or the folder named). A warning of the compiler is an error.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "build"));
const asc = join(root, "node_modules/assemblyscript/bin/asc.js");

/** @type {[entry: string, target: string][]} */
const builds = [
  ["balloon/index", "balloon"],
  ["balloon/index.debug", "balloon.debug"],
  ["xen/index", "xen"],
  ["xen/index.debug", "xen.debug"],
];

function build([entry, target]) {
  const file = join(out, `${target}.wasm`);
  const args = [asc, `assembly/${entry}.ts`, "--target", target, "--outFile", file];
  return new Promise((done) => {
    let said = "";
    const child = spawn(process.execPath, args, { cwd: root });
    child.stderr.on("data", (piece) => (said += piece));
    child.on("close", (status) => {
      if (said !== "") process.stderr.write(said);
      done(status === 0 && said === "");
    });
  });
}

mkdirSync(out, { recursive: true });
const built = await Promise.all(builds.map(build));
process.exit(built.every(Boolean) ? 0 : 1);
