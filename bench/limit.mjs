#!/usr/bin/env node
// Measures one of the engine's promises in its own process: limit.mjs NAME. It prints one line of JSON.
import { createMachine, loadModules } from "xen-balloon";
import { completeWorldConfig, SETTLE_WITHIN_MS, VirtualWorld, WasmMachine } from "xen-balloon/core";
import { machineFactory, median, rehearse } from "../dist/cli/parts.js";
import { fail } from "./command.mjs";
import { MANY, SMALLER, TERABYTE } from "./limit-sizes.mjs";

const GIB = 2 ** 18;

/** Computes a quantile: the value that `part` of all values do not exceed. */
function quantile(values, part) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Boots a guest on a machine of its own, and measures the boot's time and the process's bytes before it. */
async function boot(pages, domain, batches = "each") {
  const modules = await loadModules();
  const config = completeWorldConfig({ maxPfn: pages, domain, batches });
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
    touchedAtBoot,
    touched: process.memoryUsage.rss() - rss,
  };
}

/** Measures the µs of 1 GiB and the ms of half the guest, one way, as medians of warm moves whose batches are merged. */
async function merged(pages, domain) {
  rehearse(await machineFactory("wasm"), { driver: "2013", domain, batches: "merged" });
  const booted = await boot(pages, domain, "merged");
  const moves = (part) => Array.from({ length: 12 }, (_, i) => settleMs(booted, i % 2 ? pages : pages - part)).slice(2);
  const gib = moves(GIB);
  return { gibUs: median(gib) * 1e3, halfMs: median(moves(pages / 2)) };
}

/** Boots many big guests on one machine, and measures the s and the process's bytes. */
async function manyGuests() {
  const modules = await loadModules();
  const { guests, nrPages, hostPages } = MANY;
  const extraRegions = [{ start: nrPages, pages: TERABYTE - nrPages }];
  const config = completeWorldConfig({ maxPfn: TERABYTE, nrPages, extraRegions, hostPages });
  const rss = process.memoryUsage.rss();
  const begun = performance.now();
  const world = new VirtualWorld((...host) => new WasmMachine(modules, ...host), config);
  for (let i = 0; i < guests; i++) {
    const { balloon_low } = world.boot(config.guest).stats();
    if (balloon_low !== TERABYTE - nrPages)
      throw new Error(`expected the rest in the balloon, got ${balloon_low} pages`);
  }
  return { s: (performance.now() - begun) / 1e3, touchedMb: (process.memoryUsage.rss() - rss) / 1e6 };
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

const measurements = {
  "terabyte-pv": () => halfAndBack(TERABYTE, "pv", 3),
  "terabyte-hvm": () => halfAndBack(TERABYTE, "hvm", 3),
  "smaller-pv": () => halfAndBack(SMALLER, "pv", 60),
  "smaller-hvm": () => halfAndBack(SMALLER, "hvm", 60),
  "merged-pv": () => merged(TERABYTE, "pv"),
  "merged-hvm": () => merged(TERABYTE, "hvm"),
  "many-guests": manyGuests,
  "batch-pv": () => batch("pv"),
  "batch-hvm": () => batch("hvm"),
  "event-loop": eventLoop,
  "start-up": startUp,
};

const [name] = process.argv.slice(2);
if (!(name in measurements)) fail("limit", `expected one of ${Object.keys(measurements).join(", ")}, got ${name}`);
process.stdout.write(`${JSON.stringify(await measurements[name]())}\n`);
