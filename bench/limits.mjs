#!/usr/bin/env node
// Measures the engine's promises besides speed: node bench/limits.mjs [--only NAME] [--processes N]
// Each figure comes from fresh processes, which run this file with the measurement's name. It is printed beside the
// promise.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createMachine, loadModules } from "xen-balloon";
import { completeWorldConfig, SETTLE_WITHIN_MS, VirtualWorld, WasmMachine } from "xen-balloon/core";
import { alignColumns, environment, logLogSlope, median } from "../dist/cli/parts.js";

const TERABYTE = 2 ** 28;
const SMALLER = 2 ** 22;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, processes: { type: "string", default: "5" } },
});

/** Computes a quantile: the value that `part` of all values do not exceed. */
function quantile(values, part) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Boots a guest on a machine of its own, and measures the boot's time and the process's bytes before it. */
async function boot(pages, domain) {
  const modules = await loadModules();
  const config = completeWorldConfig({ maxPfn: pages, domain, batches: "each" });
  const rss = process.memoryUsage.rss();
  const begun = performance.now();
  const world = new VirtualWorld((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase), config);
  const guest = world.boot(config.guest);
  return { world, guest, bootMs: performance.now() - begun, rss };
}

function settleMs({ world, guest }, target) {
  const begun = performance.now();
  world.settle(guest, target, SETTLE_WITHIN_MS);
  const ms = performance.now() - begun;
  if (guest.state().creditPages !== 0) throw new Error("the worker did not reach its target");
  return ms;
}

/**
 * Boots, and moves half out and in `rounds` times. It measures memory, and ns per page of the rounds after the first.
 */
async function halfAndBack(pages, domain, rounds) {
  const booted = await boot(pages, domain);
  const { world, guest, bootMs, rss } = booted;
  const touchedAtBoot = process.memoryUsage.rss() - rss;
  const ns = { out: [], in: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [way, target] of [
      ["out", pages / 2],
      ["in", pages],
    ]) {
      const ms = settleMs(booted, target);
      if (round > 0) ns[way].push((ms * 1e6) / (pages / 2));
    }
  }
  return {
    bootMs,
    nsPerPage: (median(ns.out) + median(ns.in)) / 2,
    reservedPerPage: guest.backend.memoryBytes() / pages,
    reservedPerFrame: world.machine.memoryBytes() / world.machine.hostPages,
    touchedAtBoot: touchedAtBoot / pages,
    touched: (process.memoryUsage.rss() - rss) / pages,
  };
}

/** Measures the µs of each warm batch of 512 pages. */
async function batch(domain) {
  const pages = 2 ** 22;
  const booted = await boot(pages, domain);
  const { guest } = booted;
  for (let i = 0; i < 6; i++) settleMs(booted, i % 2 ? pages : pages / 2);
  const us = [];
  for (let i = 0; i < 6; i++) {
    guest.setTarget(i % 2 ? pages : pages / 2);
    for (let state = "yielded"; state === "yielded"; ) {
      const begun = performance.now();
      state = guest.backend.driver.runWorker(1);
      us.push((performance.now() - begun) * 1e3);
    }
  }
  return { median: median(us), p999: quantile(us, 0.999) };
}

/** Measures the ms between two turns of the event loop during a settle on the real clock. */
async function eventLoop() {
  const pages = 2 ** 24;
  const machine = await createMachine({ hostPages: pages + 8192, clock: "real" });
  const guest = await machine.boot({ maxPfn: pages });
  const held = [];
  let settling = true;
  let before = performance.now();
  const turn = () => {
    const now = performance.now();
    held.push(now - before);
    before = now;
    if (settling) setImmediate(turn);
  };
  setImmediate(turn);
  for (const target of [pages / 2, pages, pages / 2, pages]) {
    await guest.setTarget({ pages: target });
    await guest.settle();
  }
  settling = false;
  await guest.close();
  return { p99: quantile(held, 0.99) };
}

/**
 * Measures the ms to read, compile, instantiate and boot a guest of 1 GiB: the first in a process, and the median of
 * the next.
 */
async function startUp() {
  const ms = [];
  for (let i = 0; i < 21; i++) {
    const begun = performance.now();
    await boot(2 ** 18, "pv");
    ms.push(performance.now() - begun);
  }
  return { first: ms[0], warm: median(ms.slice(1)) };
}

/** Measures this machine's memory speed: GB/s of memory.fill over 1 GiB that was touched before. */
function fill() {
  const bytes = new Uint8Array(new WebAssembly.Memory({ initial: 16_384 }).buffer);
  const gbPerS = [];
  for (let i = 0; i < 8; i++) {
    const begun = performance.now();
    bytes.fill(i);
    gbPerS.push(bytes.length / 1e6 / (performance.now() - begun));
  }
  return { gbPerS: median(gbPerS.slice(1)) };
}

const measurements = {
  "terabyte-pv": () => halfAndBack(TERABYTE, "pv", 3),
  "terabyte-hvm": () => halfAndBack(TERABYTE, "hvm", 3),
  "smaller-pv": () => halfAndBack(SMALLER, "pv", 60),
  "smaller-hvm": () => halfAndBack(SMALLER, "hvm", 60),
  "batch-pv": () => batch("pv"),
  "batch-hvm": () => batch("hvm"),
  "event-loop": eventLoop,
  "start-up": startUp,
  fill,
};

/** Takes the median of the measurement's `key` over fresh processes. */
function measured(name) {
  const samples = Array.from({ length: Number(options.processes) }, (_, i) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}, process ${i + 1} of ${options.processes} …`);
    return JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: "utf8" }));
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return (key) => median(samples.map((sample) => sample[key]));
}

/**
 * Bytes of tables to read or write for a page, as the mean of both ways; lists stay in the cache. pv: P2M read and
 * written on the way out, P2M and M2P written on the way in. hvm: the physmap read and cleared, then written.
 */
const TABLE_BYTES = { pv: (4 + 4 + 4 + 4) / 2, hvm: (4 + 4 + 4) / 2 };

function terabyteRows(domain, reservedLimit) {
  const terabyte = measured(`terabyte-${domain}`);
  const smaller = measured(`smaller-${domain}`);
  const slower = terabyte("nsPerPage") / smaller("nsPerPage");
  const points = [SMALLER, TERABYTE].map((pages, i) => [pages, pages * (i ? terabyte : smaller)("nsPerPage")]);
  const name = `1 TiB, ${domain}`;
  return [
    [`${name}: boot`, `${(terabyte("bootMs") / 1e3).toFixed(2)} s`, "2 s"],
    [`${name}: half out and in, warm`, `${terabyte("nsPerPage").toFixed(2)} ns a page`, ""],
    [
      `${name}: ${TABLE_BYTES[domain]} B of tables a page`,
      `${(TABLE_BYTES[domain] / terabyte("nsPerPage")).toFixed(1)} GB/s`,
      "",
    ],
    [`${name}: the same beside 16 GiB`, `${slower.toFixed(2)}x`, "3x"],
    [`${name}: time grows as`, `pages^${logLogSlope(points).toFixed(2)}`, ""],
    [`${name}: balloon.wasm reserves`, `${terabyte("reservedPerPage").toFixed(2)} B a page`, `${reservedLimit} B`],
    [`${name}: xen.wasm reserves`, `${terabyte("reservedPerFrame").toFixed(2)} B a frame`, "8.3 B"],
    [`${name}: both touch at boot`, `${terabyte("touchedAtBoot").toFixed(2)} B a page`, ""],
    [`${name}: and after half was out`, `${terabyte("touched").toFixed(2)} B a page`, ""],
  ];
}

function batchRows(domain) {
  const figure = measured(`batch-${domain}`);
  return [
    [`a batch of 512 pages, ${domain}`, `${figure("median").toFixed(2)} µs`, ""],
    ["  99.9th percentile", `${figure("p999").toFixed(2)} µs`, "20 µs"],
  ];
}

const groups = {
  terabyte: () => [
    ...terabyteRows("pv", 8.3),
    ...terabyteRows("hvm", 4.3),
    ["memory.fill of 1 GiB", `${measured("fill")("gbPerS").toFixed(1)} GB/s`, ""],
  ],
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
      ["both Wasm files", `${((bytes[0] + bytes[1]) / 1024).toFixed(1)} KiB`, "34 KiB"],
    ];
  },
};

const [measurement] = positionals;
if (measurement !== undefined) {
  process.stdout.write(`${JSON.stringify(await measurements[measurement]())}\n`);
} else {
  const env = environment();
  const rows = Object.entries(groups).flatMap(([name, group]) => (name.includes(options.only) ? group() : []));
  process.stdout.write(
    `${[
      `${env.date}  commit ${env.commit.slice(0, 12)}${env.dirty ? " (changed)" : ""}  ${env.cpu}, ${env.cores} cores`,
      `${env.runtime} (${env.compiler})  Linux ${env.kernel}; medians over ${options.processes} processes`,
      "",
      ...alignColumns([["", "measured", "promised"], ...rows], "lrr"),
    ].join("\n")}\n`,
  );
}
