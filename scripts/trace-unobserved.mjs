#!/usr/bin/env node
// trace-unobserved.mjs BATCHES SCRIPT: the trace of a script whose states come from a run that nobody watched, with its
// batches made `each` or `merged`, and whose single hypercalls come from a run that was watched. The two must agree in
// the number of hypercalls. So that what compares `run --trace` compares the unobserved paths, too.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [, , batches, script] = process.argv;
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

function linesOf(...options) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, "run", ...options, script], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  process.stderr.write(stderr);
  return { lines: stdout.split("\n").filter((line) => line !== ""), status };
}

const watched = linesOf("--trace");
const unwatched = linesOf("--trace-state", "--batches", batches);
for (const [i, line] of unwatched.lines.entries()) {
  const state = JSON.parse(line);
  const { calls, va } = JSON.parse(watched.lines[i] ?? "{}");
  const agree = state.calls?.n === calls?.n && state.va?.n === va?.n;
  console.log(JSON.stringify(agree ? { ...state, ...(calls && { calls, va }) } : state));
}
process.exitCode = unwatched.status;
