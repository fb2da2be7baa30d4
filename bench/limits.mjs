#!/usr/bin/env node
// Measures the engine's promises besides speed. Each figure is the median of fresh processes (limit.mjs). It is printed
// beside the promise.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { alignColumns, environment, logLogSlope, median } from "../dist/cli/parts.js";
import { command, count } from "./command.mjs";
import { MANY, SMALLER, TERABYTE } from "./limit-sizes.mjs";

const LIMIT = fileURLToPath(new URL("limit.mjs", import.meta.url));
/** The rows of each group. */
const groups = {
  terabyte: () => [...terabyteRows("pv", 8.3), ...terabyteRows("hvm", 4.3)],
  "many-guests": manyRows,
  batch: () => [...batchRows("pv"), ...batchRows("hvm")],
  "event-loop": () => {
    const figure = measured("event-loop");
    return [["64 GiB on a real clock: event loop held, 99th percentile", `${figure("p99").toFixed(1)} ms`, "10 ms"]];
  },
  "start-up": () => {
    const figure = measured("start-up");
    const bytes = ["balloon", "xen"].map((name) => statSync(new URL(`../build/${name}.wasm`, import.meta.url)).size);
    return [
      ["read, compile, instantiate, boot 1 GiB: the first time", `${figure("first").toFixed(1)} ms`, ""],
      ["  again in the same process", `${figure("warm").toFixed(1)} ms`, "10 ms"],
      ["both Wasm files", `${((bytes[0] + bytes[1]) / 1024).toFixed(1)} KiB`, "32 KiB"],
    ];
  },
};

const options = command("limits")
  .description("measure the engine's promises besides speed")
  .addOption(new Option("--only <group>", "measure one group alone").choices(Object.keys(groups)))
  .option("--processes <count>", "processes of each measurement", count, 5)
  .parse()
  .opts();

/** Takes the median of the measurement's `key` over fresh processes. */
function measured(name) {
  const samples = Array.from({ length: options.processes }, (_, i) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}, process ${i + 1} of ${options.processes} …`);
    return JSON.parse(execFileSync(process.execPath, [LIMIT, name], { encoding: "utf8" }));
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return (key) => median(samples.map((sample) => sample[key]));
}

function terabyteRows(domain, reservedLimit) {
  const terabyte = measured(`terabyte-${domain}`);
  const joined = measured(`merged-${domain}`);
  const smaller = measured(`smaller-${domain}`);
  const slower = terabyte("nsPerPage") / smaller("nsPerPage");
  const points = [SMALLER, TERABYTE].map((pages, i) => [pages, pages * (i ? terabyte : smaller)("nsPerPage")]);
  const name = `1 TiB, ${domain}`;
  return [
    [`${name}: boot`, `${(terabyte("bootMs") / 1e3).toFixed(2)} s`, "0.3 s"],
    [`${name}: guest and machine touch at boot`, `${(terabyte("touchedAtBoot") / 1e6).toFixed(0)} MB`, "100 MB"],
    [`${name}: and after half was out`, `${(terabyte("touched") / 1e6).toFixed(0)} MB`, ""],
    [`${name}: 1 GiB out, or in, warm, batches merged`, `${joined("gibUs").toFixed(1)} µs`, "50 µs"],
    [`${name}: half out, or in, warm, batches merged`, `${joined("halfMs").toFixed(1)} ms`, "30 ms"],
    [`${name}: half out and in, warm, each batch`, `${terabyte("nsPerPage").toFixed(2)} ns a page`, ""],
    [`${name}: the same beside 16 GiB`, `${slower.toFixed(2)}x`, "3x"],
    [`${name}: time grows as`, `pages^${logLogSlope(points).toFixed(2)}`, ""],
    [`${name}: balloon.wasm reserves`, `${terabyte("reservedPerPage").toFixed(2)} B a page`, `${reservedLimit} B`],
    [`${name}: xen.wasm reserves`, `${terabyte("reservedPerFrame").toFixed(2)} B a frame`, "8.3 B"],
  ];
}

function manyRows() {
  const figure = measured("many-guests");
  const name = `${MANY.guests} guests of 1 TiB, a quarter backed`;
  return [
    [`${name}: boot`, `${figure("s").toFixed(2)} s`, "10 s"],
    [`${name}: all and their machine touch`, `${figure("touchedMb").toFixed(0)} MB`, "1000 MB"],
  ];
}

function batchRows(domain) {
  const figure = measured(`batch-${domain}`);
  return [
    [`a batch of 512 pages, ${domain}`, `${figure("median").toFixed(2)} µs`, ""],
    ["  99.9th percentile", `${figure("p999").toFixed(2)} µs`, "20 µs"],
  ];
}

const env = environment();
const rows = Object.entries(groups).flatMap(([name, group]) => (name === (options.only ?? name) ? group() : []));
process.stdout.write(
  `${[
    `${env.date}  commit ${env.commit.slice(0, 12)}${env.dirty ? " (changed)" : ""}  ${env.cpu}, ${env.cores} cores`,
    `${env.runtime} (${env.compiler})  Linux ${env.kernel}; medians over ${options.processes} processes`,
    "",
    ...alignColumns([["", "measured", "promised"], ...rows], "lrr"),
  ].join("\n")}\n`,
);
