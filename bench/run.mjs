#!/usr/bin/env node
// Compares the engine with the reference: npm run bench -- [--workload NAME]… [--sizes 16,18,20,22] [--processes N]
//   [--out FILE]
// Every figure is a median over fresh processes with its 95 % interval; engine and reference run in turns.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alignColumns, bootstrapMedian, environment, logLogSlope, median, WORKLOADS } from "../dist/cli/parts.js";

const workloads = Object.fromEntries(Object.entries(WORKLOADS).filter(([, { studiesOnly }]) => !studiesOnly));
/** The seed of resampling. */
const SEED = 20_260_101;
const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    workload: { type: "string", multiple: true, default: Object.keys(workloads) },
    sizes: { type: "string", default: "16,18,20,22" },
    processes: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.5" },
    out: { type: "string", default: resolve(here, "results/latest.json") },
  },
});
const unknown = options.workload.find((name) => !(name in workloads));
if (unknown !== undefined) {
  process.stderr.write(`bench: unknown workload ${unknown}; there are ${Object.keys(workloads).join(", ")}\n`);
  process.exit(2);
}
const processes = Number(options.processes);
const sizes = options.sizes.split(",").map((bits) => 2 ** Number(bits));

const cases = options.workload.flatMap((workload) =>
  sizes
    .filter((pages) => pages <= (workloads[workload].largestPages ?? Infinity))
    .map((pages) => ({ workload, pages })),
);
const shares = options.workload.includes("bulk")
  ? sizes.slice(-1).map((pages) => ({ workload: "bulk", pages, engines: ["driver", "driver+shim", "wasm"] }))
  : [];

function measure(engine, workload, pages) {
  const args = [resolve(here, "case.mjs"), engine, workload, String(pages), options.seconds];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

const env = environment();
const results = [];
for (const { workload, pages, engines = ["wasm", "reference"] } of [...cases, ...shares]) {
  const samples = Object.fromEntries(engines.map((engine) => [engine, []]));
  for (let i = 0; i < processes; i++) {
    for (const engine of engines) {
      progress(`${workload}, ${pages} pages, ${engine}, process ${i + 1} of ${processes} …`);
      samples[engine].push(measure(engine, workload, pages));
    }
  }
  results.push({ workload, pages, samples });
}
progress("");

env.loadAverageAtEnd = loadavg();
mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(options.out, `${JSON.stringify({ schema: 1, environment: env, options, results }, null, 1)}\n`);
process.stdout.write(`${report().join("\n")}\n`);

function report() {
  const rows = [["workload", "guest", "pass", "engine ns/page", "95 %", "out", "in", "reference", "ratio", "95 %"]];
  for (const { workload, pages, samples } of results.filter((result) => result.samples.reference)) {
    for (const pass of ["first", "warm"]) {
      if (workload === "scattered" && pass === "warm") continue;
      const engine = samples.wasm.map((sample) => sample[pass].both);
      const reference = samples.reference.map((sample) => sample[pass].both);
      const ratios = reference.map((ns, i) => ns / engine[i]);
      rows.push([
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
      ]);
    }
  }
  return [
    `${env.date}  commit ${env.commit.slice(0, 12)}${env.dirty ? " (changed)" : ""}  ${env.cpu}, ${env.cores} cores`,
    `${env.runtime} (${env.compiler})  Linux ${env.kernel}  load ${env.loadAverage[0].toFixed(2)} to ${env.loadAverageAtEnd[0].toFixed(2)}`,
    `${processes} processes a case, out and in again; ns a page moved, both ways together unless said`,
    "",
    ...alignColumns(rows, "lllrrrrrrr"),
    "",
    ...shareLines(),
    ...exponentLines(),
    "",
    ...options.workload.map((name) => `${name}: ${workloads[name].says}`),
    "",
    "What this does not show: no hypervisor, no TLB shoot-down and no contention; a hypercall costs a call between two",
    "Wasm modules. The driver's own work, the copies of its lists and the machine's tables are real.",
    `Every sample: ${options.out}`,
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

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
