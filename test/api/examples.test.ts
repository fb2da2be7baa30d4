/** Whatever the public API lets be called has an example, and every example runs, on either engine. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as wasm from "../../src/index.js";
import * as inline from "../../src/inline.js";
import * as reference from "../../src/reference.js";
import * as toolstack from "../../src/toolstack.js";
import { exportedBy, runnable } from "../support/exported.js";

const entries = { "index.ts": wasm, "inline.ts": inline, "reference.ts": reference };
/** worker.test.ts runs the examples of this one. */
const WORKER = "worker.ts";
// what a machine in a worker has is documented where it is declared, at Machine and Guest
const ofWorker = exportedBy([WORKER]).filter(({ name, file }) => file === WORKER || name === "serve");
/** Its functions are about a host, and not about a machine. */
const TOOLSTACK = "toolstack.ts";
const exported = exportedBy([...Object.keys(entries), TOOLSTACK]);
const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;

test("these are the entries that the pages of the API are made of", () => {
  const { entryPoints } = JSON.parse(readFileSync(new URL("../../typedoc.json", import.meta.url), "utf8"));
  expect([...Object.keys(entries), WORKER, TOOLSTACK].map((file) => `src/${file}`)).toEqual(entryPoints);
});

test("what they export is found", () => {
  const names = exported.map(({ name }) => name);
  for (const name of ["createMachine", "createMachineSync", "Machine", "Machine.nowMs", "Guest.settle", "BalloonBug"]) {
    expect(names).toContain(name);
  }
  expect(names.length).toBeGreaterThan(40);
});

test.each([...exported, ...ofWorker])(
  "$file: $name has an example and says what its parameters are",
  ({ comment, examples, parameters }) => {
    expect(examples).not.toEqual([]);
    for (const parameter of parameters) expect(comment).toMatch(new RegExp(`^@param ${parameter} - .`, "m"));
  },
);

describe.each(Object.entries(entries))("%s", (entry, api) => {
  const examples = exportedBy([entry]).flatMap(({ name, examples: codes }) =>
    codes.map((code): [string, string] => [name, code]),
  );

  test.each(examples)("%s", async (_name, code) => {
    const machine = await api.createMachine({ hostPages: 1_200_000 });
    const guest = await machine.boot({ maxPfn: 300_000, hotplug: true });
    const said: unknown[] = [];
    const names = { ...api, machine, guest, console: { log: (...words: unknown[]) => said.push(...words) } };
    await new AsyncFunction(...Object.keys(names), runnable(code))(...Object.values(names));
    expect(said).not.toContain(undefined);
  });
});

describe(TOOLSTACK, () => {
  const examples = exportedBy([TOOLSTACK]).flatMap(({ name, examples: codes }) =>
    codes.map((code): [string, string] => [name, code]),
  );

  test.each(examples)("%s", async (_name, code) => {
    const web = {
      name: "web",
      type: "pv",
      driver: "2013",
      memoryKib: 262_144,
      minimumKib: 131_072,
      maximumKib: 524_288,
      demand: [{ timeMs: 0, usedKib: 100_000 }],
    } as const;
    const modules = await wasm.loadModules();
    const options = { wasm: modules, totalKib: 2 ** 20, policy: toolstack.keep(), guests: [web], spanMs: 10_000 };
    const host = toolstack.createHost(options);
    const said: unknown[] = [];
    const console = { log: (...words: unknown[]) => said.push(...words) };
    // an example that makes a host has it in place of this one
    const given = /const host\b/.test(code) ? {} : { host };
    const names = { ...toolstack, loadModules: wasm.loadModules, ...given, console };
    await new AsyncFunction(...Object.keys(names), runnable(code))(...Object.values(names));
    expect(said).not.toContain(undefined);
    host.close();
  });
});
