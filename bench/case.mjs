#!/usr/bin/env node
// Runs one case in its own process: case.mjs ENGINE WORKLOAD PAGES SECONDS [each|merged]. It prints one line of JSON: the
// first pass, and the warm figures as `benchmark` times them, in ns per page. By default each batch is made.
import Benchmark from "benchmark";
import { loadModules } from "xen-balloon";
import { completeWorldConfig } from "xen-balloon/core";
import { machineFactory, rehearse, Stand, WORKLOADS } from "../dist/cli/parts.js";
import { WasmDomain } from "../dist/engine/domain.js";
import { WasmGuest } from "../dist/engine/guest.js";
import { fail } from "./command.mjs";

const [engine, name, size, seconds, batches = "each"] = process.argv.slice(2);
const pages = Number(size);
const SEED = 7;
if (!(name in WORKLOADS))
  fail("case", `expected ENGINE WORKLOAD PAGES SECONDS [each|merged], got ${process.argv.slice(2)}`);
const { options, make } = WORKLOADS[name];
const config = completeWorldConfig({ maxPfn: pages, batches, ...options?.(SEED) });

/** The machine's side of a guest that answers at once, to measure the share of the driver and of the shim. */
function silentDomain(config, lists) {
  const list = new Uint32Array(4096);
  const xen = {
    assignLowest: (_, _pfn, n) => n,
    populate: (_, n) => n,
    decrease: (_, n) => n,
    populateRun: (_, _pfn, n) => n,
    decreaseRun() {},
    totPages: () => 0,
    maxPages: () => 0,
  };
  return new WasmDomain(xen, 0, config, lists, list);
}

/** Makes machines without frames, whose guests have a silent domain; `driver` omits the shim's copies, too. */
function silentMachines(modules) {
  return (hostPages) => ({
    hostPages,
    memoryBytes: () => 0,
    createGuest(config, kernel) {
      const guest = new WasmGuest(
        modules,
        config,
        kernel,
        (lists) => silentDomain(config, lists),
        () => {},
      );
      if (engine === "driver") {
        guest.hypercalls.memoryOp = (_, extents) => {
          guest.hypercalls.memoryOps++;
          return extents;
        };
      }
      return guest;
    },
  });
}

/** `wasm` and `reference` are whole engines; `driver+shim` and `driver` omit the machine's work. */
async function machines() {
  if (engine !== "wasm" && engine !== "reference") return silentMachines(await loadModules());
  const makeMachine = await machineFactory(engine);
  rehearse(makeMachine, config.guest);
  return makeMachine;
}

const subject = new Stand(config, await machines());
const { guest } = subject;
const workload = make(config.guest, SEED);
workload.prepare?.(subject);

let cycles = 0;
let outMs = 0;
let inMs = 0;
const before = guest.state().scrubbedPages;
function cycle() {
  const begun = performance.now();
  workload.out(subject);
  const turned = performance.now();
  workload.in(subject);
  outMs += turned - begun;
  inMs += performance.now() - turned;
  cycles++;
}

function take() {
  const figures = { out: (outMs * 1e6) / cycles / workload.pages, in: (inMs * 1e6) / cycles / workload.pages };
  check(cycles);
  cycles = outMs = inMs = 0;
  return figures;
}

let counted = guest.hypercalls.memoryOps;
let scrubbed = before;
/** Checks exact results for any engine: hypercalls, scrubbed pages, and the return to the first state. */
function check(done) {
  const state = guest.state();
  const exact = {
    memory_op: [guest.hypercalls.memoryOps - counted, done * workload.calls],
    "pages scrubbed": [state.scrubbedPages - scrubbed, done * workload.pages],
    current_pages: [guest.stats().current_pages, pages],
  };
  counted = guest.hypercalls.memoryOps;
  scrubbed = state.scrubbedPages;
  for (const [what, [came, expected]] of Object.entries(exact)) {
    if (came !== expected) throw new Error(`${engine} ${name} ${pages}: ${what}: expected ${expected}, got ${came}`);
  }
}

cycle();
const first = take();

// warm: runs until the compiler's tiers have settled, then takes the samples of benchmark
for (const until = performance.now() + 300; performance.now() < until || cycles < 3; ) cycle();
take();
const bench = new Benchmark(name, cycle, { async: false, minSamples: 10, maxTime: Number(seconds) });
let failure = null;
bench.on("error", (event) => {
  failure = event.target.error;
});
bench.run();
if (failure !== null) throw failure;
const warm = take();
const both = (bench.stats.mean * 1e9) / workload.pages / 2;

console.log(
  JSON.stringify({
    first: { ...first, both: (first.out + first.in) / 2 },
    warm: { ...warm, both, samples: bench.stats.sample.length },
    pages: workload.pages,
    calls: workload.calls,
    memoryBytes: guest.backend.memoryBytes(),
  }),
);
