#!/usr/bin/env node
// engine-against-reference.mjs [--engine wasm|wasm-debug] GENERATOR FROM COUNT: runs COUNT random scripts on the Wasm engine
// and on the reference, all in this process: with each hypercall watched, and with none, with batches made each and merged.
// The lines must be equal. GENERATOR is a module that prints the script of the seed which is its argument; seeds begin at
// FROM. Ends with 'N passed, N failed'.
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { loadModules } from "xen-balloon";
import { parseScript, ReferenceMachine, traceScript, traceStates, WasmMachine } from "xen-balloon/core";

const { values, positionals } = parseArgs({
  options: { engine: { type: "string", default: "wasm" } },
  allowPositionals: true,
});
const [generator, from, count] = positionals;
const modules = await loadModules(values.engine === "wasm-debug" ? "debug" : "release");
const wasm = (hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase);
const reference = (hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase);

/** The generator's script for a seed: it prints it when it is imported. */
async function scriptOf(seed) {
  const { argv } = process;
  const { log } = console;
  let text = "";
  try {
    process.argv = [argv[0], generator, String(seed)];
    console.log = (line) => {
      text += `${line}\n`;
    };
    await import(`${pathToFileURL(generator)}?${seed}`);
  } finally {
    process.argv = argv;
    console.log = log;
  }
  return parseScript(text);
}

/** The same script with batches made another way. */
const batched = (script, batches) => ({
  ...script,
  config: { ...script.config, guest: { ...script.config.guest, batches } },
});

/** Returns the first difference between two traces, or null. */
function difference(seen, expected) {
  const lines = [...seen].map((line) => JSON.parse(line));
  const others = [...expected].map((line) => JSON.parse(line));
  for (let i = 0; i < Math.max(lines.length, others.length); i++) {
    if (isDeepStrictEqual(lines[i], others[i])) continue;
    const [line, other] = [lines[i] ?? {}, others[i] ?? {}];
    const keys = Object.keys({ ...line, ...other }).filter((key) => !isDeepStrictEqual(line[key], other[key]));
    const told = keys.map((key) => `${key}: expected ${JSON.stringify(other[key])}, got ${JSON.stringify(line[key])}`);
    return `line ${i + 1}, ${other.op ?? line.op}: ${told.join("; ")}`;
  }
  return null;
}

let failed = 0;
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  const script = await scriptOf(seed);
  const states = [...traceStates(script, reference)];
  const said =
    difference(traceScript(script, wasm), traceScript(script, reference)) ??
    difference(traceStates(batched(script, "each"), wasm), states) ??
    difference(traceStates(batched(script, "merged"), wasm), states);
  if (said === null) continue;
  failed++;
  console.log(`seed ${seed}: ${said}`);
}
console.log(`${Number(count) - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
