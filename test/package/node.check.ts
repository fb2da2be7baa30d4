/** The packed package in every Node it is for: imported, required, in a worker thread, as a command. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { folder, run, SAID, USE, write } from "./consumer.js";

const nodes: [name: string, program: string][] = [
  [`Node ${process.versions.node}`, process.execPath],
  ...["22", "24"].map((major): [string, string] => [
    `Node ${major}`,
    join(folder, `node_modules/node${major}/bin/node`),
  ]),
];
const entries = ["xen-balloon", "xen-balloon/inline", "xen-balloon/reference", "xen-balloon/worker"];

beforeAll(() => {
  write("use.js", USE);
});

describe.each(nodes)("%s", (_, node) => {
  // npm has them for one system alone
  const here = test.skipIf(!existsSync(node));

  here.each(entries)("import %s", async (entry) => {
    const file = write(
      "import.js",
      `import { createMachine } from "${entry}"; import { use } from "./use.js"; console.log(await use(createMachine));`,
    );
    expect(await run(node, file)).toBe(SAID);
  });

  here.each(entries)("require %s", async (entry) => {
    const file = write(
      "require.cjs",
      `const { createMachine } = require("${entry}"); import("./use.js").then(({ use }) => use(createMachine)).then(console.log);`,
    );
    expect(await run(node, "--disable-warning=ExperimentalWarning", file)).toBe(SAID);
  });

  here("in a worker thread, with modules compiled outside", async () => {
    write(
      "thread.js",
      `import { parentPort, workerData } from "node:worker_threads"; import { createMachine } from "xen-balloon";
       import { use } from "./use.js";
       parentPort.postMessage(await use((options) => createMachine({ ...options, wasm: workerData })));`,
    );
    const file = write(
      "worker.js",
      `import { readFile } from "node:fs/promises"; import { Worker } from "node:worker_threads";
       import { fileURLToPath } from "node:url";
       const compile = async (name) =>
         new WebAssembly.Module(await readFile(fileURLToPath(import.meta.resolve("xen-balloon/" + name + ".wasm"))));
       const workerData = { balloon: await compile("balloon"), xen: await compile("xen") };
       new Worker(new URL("./thread.js", import.meta.url), { workerData }).once("message", console.log);`,
    );
    expect(await run(node, file)).toBe(SAID);
  });

  here("nothing happens at import", async () => {
    const imports = entries.map((entry) => `await import("${entry}");`).join(" ");
    const file = write(
      "quiet.js",
      `const before = Object.keys(globalThis).join(); const { compile } = WebAssembly; let compiled = 0;
       WebAssembly.compile = (bytes) => (compiled++, compile(bytes));
       WebAssembly.Module = class { constructor() { compiled++; } }; ${imports}
       console.log(compiled, Object.keys(globalThis).join() === before);`,
    );
    expect(await run(node, file)).toBe("0 true");
  });

  here("the command", async () => {
    const script = write("small.ops", "config nr_pages=4096 max_pfn=4096\nboot\ntarget 1024\nsettle\n");
    const said = await run(node, join(folder, "node_modules/xen-balloon/dist/cli/main.js"), "run", "--time", script);
    expect(said.split("\n").map((line) => JSON.parse(line).calls)).toEqual([0, 0, 6]);
  });
});
