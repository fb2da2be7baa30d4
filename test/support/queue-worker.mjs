/** A worker of study-queue.test.ts: node queue-worker.mjs URL BUILD RUNS-FILE; SIGTERM ends it. */
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { workOnQueue } from "../../dist/cli/parts.js";

const [url, build, runs] = process.argv.slice(2);
const ending = new AbortController();
process.once("SIGTERM", () => ending.abort());

async function run({ settings, seed }) {
  appendFileSync(runs, `${seed}\n`);
  const times = readFileSync(runs, "utf8")
    .split("\n")
    .filter((line) => line === `${seed}`).length;
  if (settings.workload === "hangs at first" && times === 1) await new Promise(() => {});
  await sleep(5 + 20 * Math.random());
  if (settings.workload === "broken") return { problem: "cannot be booted" };
  return { measures: { pagesOut: seed * seed, pagesIn: seed + 1 } };
}

await workOnQueue(url, build, run, { signal: ending.signal, concurrency: 2, told: (line) => console.log(line) });
console.log("ended");
