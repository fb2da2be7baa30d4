#!/usr/bin/env node
// Compares the engine with the reference: npm run bench. Every figure is a median over fresh processes with its 95 %
// interval; engine and reference run in turns. A row is printed and kept as soon as it is measured, and Ctrl-C ends the
// run with what is there. The default ends within two minutes on a quiet machine.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError, Option } from "commander";
import { bootstrapMedian, environment, logLogSlope, median, WORKLOADS } from "../dist/cli/parts.js";
import { command, count } from "./command.mjs";

const workloads = Object.fromEntries(Object.entries(WORKLOADS).filter(([, { studiesOnly }]) => !studiesOnly));
/** The seed of resampling. */
const SEED = 20_260_101;
const HEADS = ["workload", "guest", "pass", "engine ns/page", "95 %", "out", "in", "reference", "ratio", "95 %"];
const WIDTHS = [10, 9, 5, 14, 16, 8, 8, 9, 8, 18];
/** Sizes as bits of pages, processes a case, and the seconds that each times: by default, and with --full. */
const BRIEF = { sizes: [16, 20], processes: 3, seconds: 0.1 };
const FULL = { sizes: [16, 18, 20, 22], processes: 5, seconds: 0.5 };
const here = dirname(fileURLToPath(import.meta.url));
const given = command("bench")
  .description("compare the engine with the reference")
  .addOption(
    new Option("--workload <name...>", "workloads to run")
      .choices(Object.keys(workloads))
      .default(Object.keys(workloads), "all"),
  )
  .option("--full", "every size, and more processes, for longer", false)
  .option("--sizes <bits>", "guests of 2^bits pages, as in 16,20", bitsList)
  .option("--processes <count>", "processes of each case", count)
  .option("--seconds <s>", "how long each process times its warm passes", seconds)
  .addOption(new Option("--batches <how>", "how batches are made").choices(["each", "merged"]).default("each"))
  .option("--out <file>", "where every sample is kept", resolve(here, "results/latest.json"))
  .parse()
  .opts();
const options = { ...(given.full ? FULL : BRIEF), ...given };
const { processes, batches } = options;
const sizes = options.sizes.map((bits) => 2 ** bits);

const cases = options.workload.flatMap((workload) =>
  sizes
    .filter((pages) => pages <= (workloads[workload].largestPages ?? Infinity))
    .map((pages) => ({ workload, pages })),
);
const shares = options.workload.includes("bulk")
  ? sizes.slice(-1).map((pages) => ({ workload: "bulk", pages, engines: ["driver", "driver+shim", "wasm"] }))
  : [];

function bitsList(text) {
  const bits = text.split(",").map(Number);
  // from the smallest guest that has a batch to the largest whose pages the driver can count
  if (bits.every((power) => Number.isInteger(power) && power >= 12 && power <= 28)) return bits;
  throw new InvalidArgumentError("Expected powers of two from 12 to 28, as in 16,20.");
}

function seconds(text) {
  if (Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Expected a number of seconds above 0.");
}

function measure(engine, workload, pages) {
  const args = [resolve(here, "case.mjs"), engine, workload, String(pages), String(options.seconds), batches];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

const env = environment();
const results = [];
let stopped = false;
process.on("SIGINT", () => {
  stopped = true;
});

mkdirSync(dirname(resolve(options.out)), { recursive: true });
tell([...heading(), "", rowText(HEADS)]);
for (const one of [...cases, ...shares]) {
  const samples = await measureCase(one);
  if (samples === null) break;
  const result = { workload: one.workload, pages: one.pages, samples };
  results.push(result);
  keep();
  tell(rowsOf(result).map(rowText));
}
tell(closing());
if (stopped) process.exitCode = 130;

/** Measures a case in fresh processes, the engines in turns; null if the run was stopped meanwhile. */
async function measureCase({ workload, pages, engines = ["wasm", "reference"] }) {
  const samples = Object.fromEntries(engines.map((engine) => [engine, []]));
  for (let i = 0; i < processes; i++) {
    for (const engine of engines) {
      // a signal is heard between two processes
      await new Promise(setImmediate);
      if (stopped) return null;
      try {
        samples[engine].push(measure(engine, workload, pages));
      } catch (error) {
        // Ctrl-C of a terminal ends the case's process, too
        if (error.signal !== "SIGINT") throw error;
        stopped = true;
        return null;
      }
    }
  }
  return samples;
}

function keep() {
  env.loadAverageAtEnd = loadavg();
  writeFileSync(options.out, `${JSON.stringify({ schema: 1, environment: env, options, results }, null, 1)}\n`);
}

function tell(lines) {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function heading() {
  return [
    `${env.date}  commit ${env.commit.slice(0, 12)}${env.dirty ? " (changed)" : ""}  ${env.cpu}, ${env.cores} cores`,
    `${env.runtime} (${env.compiler})  Linux ${env.kernel}  load ${env.loadAverage[0].toFixed(2)} at the beginning`,
    `${processes} processes a case; batches: ${batches}; ns a page moved, out and in together unless said`,
  ];
}

function rowsOf({ workload, pages, samples }) {
  if (samples.reference === undefined) return [];
  return ["first", "warm"].flatMap((pass) => {
    if (workload === "scattered" && pass === "warm") return [];
    const engine = samples.wasm.map((sample) => sample[pass].both);
    const reference = samples.reference.map((sample) => sample[pass].both);
    const ratios = reference.map((ns, i) => ns / engine[i]);
    const row = [
      workload,
      sizeOf(pages),
      pass,
      median(engine).toFixed(2),
      range(bootstrapMedian(engine, SEED)),
      median(samples.wasm.map((sample) => sample[pass].out)).toFixed(2),
      median(samples.wasm.map((sample) => sample[pass].in)).toFixed(2),
      median(reference).toFixed(2),
      `${median(ratios).toFixed(1)}x`,
      range(bootstrapMedian(ratios, SEED)),
    ];
    return [row];
  });
}

/** A row is told when it is measured, so that no column can wait for the widths of later ones. */
function rowText(cells) {
  return cells.map((cell, i) => (i < 3 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join("  ");
}

function closing() {
  return [
    "",
    ...shareLines(),
    ...exponentLines(),
    "",
    ...options.workload.map((name) => `${name}: ${workloads[name].says}`),
    "",
    "What this does not show: no hypervisor, no TLB shoot-down and no contention; a hypercall costs a call between two",
    "Wasm modules. The driver's own work, the copies of its lists and the machine's tables are real.",
    stopped ? `Stopped. Every sample of the rows above: ${options.out}` : `Every sample: ${options.out}`,
  ];
}

/** Splits a page's time into the parts of the driver, the shim and the machine. */
function shareLines() {
  return results
    .filter((result) => result.samples.driver)
    .map(({ pages, samples }) => {
      const [driver, shim, all] = ["driver", "driver+shim", "wasm"].map((engine) =>
        median(samples[engine].map((sample) => sample.warm.both)),
      );
      const part = (ns) => `${ns.toFixed(2)} (${Math.round((100 * ns) / all)} %)`;
      return `bulk, ${sizeOf(pages)}, warm, ns a page: driver ${part(driver)}, shim ${part(shim - driver)}, machine ${part(all - shim)}`;
    });
}

/** Computes how the time of a whole pass grows with the guest: 1 is linear. */
function exponentLines() {
  return options.workload.flatMap((workload) => {
    const points = results
      .filter((result) => result.workload === workload && result.samples.reference)
      .map(({ pages, samples }) => [pages, median(samples.wasm.map((sample) => sample.warm.both * sample.pages))]);
    return points.length < 2 ? [] : [`${workload}: time grows as pages^${logLogSlope(points).toFixed(2)}`];
  });
}

function range({ low, high }) {
  return `[${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function sizeOf(pages) {
  const mib = pages / 256;
  return mib < 1024 ? `${mib} MiB` : `${mib / 1024} GiB`;
}
