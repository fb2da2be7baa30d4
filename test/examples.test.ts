/** Every @example of the public API runs, on either engine. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as wasm from "../src/index.js";
import * as reference from "../src/reference.js";

const files = ["index.ts", "machine.ts", "guest.ts", "errors.ts", "units.ts"];

/** The examples of a file, with the line they start at. */
function examplesOf(file: string): [name: string, code: string][] {
  const text = readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/).*\n)+)/gm)].map(({ 1: block, index }) => [
    `${file}:${text.slice(0, index).split("\n").length}`,
    block.replace(/^ *\* ?/gm, ""),
  ]);
}

const examples = files.flatMap(examplesOf);
const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>;

test("the examples are found", () => expect(examples.length).toBeGreaterThan(30));

describe.each([
  ["wasm", wasm],
  ["reference", reference],
] as const)("%s", (_, api) => {
  test.each(examples)("%s", async (_name, code) => {
    const machine = await api.createMachine({ hostPages: 1_200_000 });
    const guest = await machine.boot({ maxPfn: 300_000, hotplug: true });
    const said: unknown[] = [];
    const names = { ...api, machine, guest, console: { log: (...words: unknown[]) => said.push(...words) } };
    // an example may name things as the test does: a block of its own keeps them apart
    await new AsyncFunction(...Object.keys(names), `{ ${code} }`)(...Object.values(names));
    expect(said).not.toContain(undefined);
  });
});
