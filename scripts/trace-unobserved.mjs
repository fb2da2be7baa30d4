#!/usr/bin/env node
// trace-unobserved.mjs BATCHES SCRIPT: the trace of a script whose states come from a run that nobody watched, with its
// batches made `each` or `merged`, and whose single hypercalls come from a run that was watched. The two must agree in
// the number of hypercalls. So what checks `run --trace` checks the unobserved paths, too.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const [, , batches, script] = process.argv;
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** A script that ends in a BUG_ON ends with status 1, after its lines. */
async function linesOf(...options) {
  const args = [main, "run", ...options, script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 30 }).catch(
    (error) => {
      if (error.code !== 1) throw error;
      return error;
    },
  );
  process.stderr.write(stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

const [watched, unwatched] = await Promise.all([linesOf("--trace"), linesOf("--trace-state", "--batches", batches)]);
for (const [i, line] of unwatched.entries()) {
  const state = JSON.parse(line);
  const { calls, va } = JSON.parse(watched[i] ?? "{}");
  const agree = state.calls?.n === calls?.n && state.va?.n === va?.n;
  console.log(JSON.stringify(agree ? { ...state, ...(calls && { calls, va }) } : state));
}
