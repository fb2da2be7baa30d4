/** The packed package through bundlers: one file, and it runs. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { folder, run, SAID, USE, write } from "./consumer.js";

/** Each bundles `entry` into the folder `out`, as bundle.js. */
const bundlers: Record<string, (entry: string, out: string) => string> = {
  esbuild: (entry, out) => `
    import { build } from "esbuild";
    await build({ entryPoints: ["${entry}"], bundle: true, format: "esm", outfile: "${out}/bundle.js", logLevel: "warning" });`,
  rollup: (entry, out) => `
    import { rollup } from "rollup";
    import { nodeResolve } from "./resolve.js";
    const bundle = await rollup({ input: "${entry}", plugins: [nodeResolve] });
    await bundle.write({ file: "${out}/bundle.js", format: "es" });`,
  webpack: (entry, out) => `
    import webpack from "webpack";
    webpack({
      mode: "production", target: "web", entry: "${entry}", experiments: { outputModule: true },
      output: { path: "${out}", filename: "bundle.js", library: { type: "module" }, publicPath: "auto" },
    }, (error, stats) => {
      if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString());
    });`,
  vite: (entry, out) => `
    import { build } from "vite";
    await build({
      logLevel: "error", build: {
        outDir: "${out}", minify: false, lib: { entry: "${entry}", formats: ["es"], fileName: () => "bundle.js" },
      },
    });`,
};

beforeAll(() => {
  write("use.js", USE);
  write(
    "inline-app.js",
    `import { createMachine } from "xen-balloon/inline"; import { use } from "./use.js"; console.log(await use(createMachine));`,
  );
  // rollup leaves packages alone unless a plugin finds them
  write(
    "resolve.js",
    `import { fileURLToPath } from "node:url";
     export const nodeResolve = {
       name: "packages",
       resolveId: (id) => (id.startsWith("xen-balloon") ? fileURLToPath(import.meta.resolve(id)) : null),
     };`,
  );
});

describe.each(Object.keys(bundlers))("%s", (bundler) => {
  test("makes one file of the inline entry", async () => {
    const out = join(folder, `out-${bundler}`);
    const config = write(`bundle-${bundler}.js`, bundlers[bundler](join(folder, "inline-app.js"), out));
    await run(process.execPath, config);
    write(`out-${bundler}/package.json`, `{ "type": "module" }`);
    expect(await run(process.execPath, join(out, "bundle.js"))).toBe(SAID);
  });
});

test("a rollup build in Node, with a worker of its own", async () => {
  write(
    "own-node-app.js",
    `import { Worker } from "node:worker_threads"; import { createMachine } from "xen-balloon/worker";
     import { use } from "./use.js";
     const worker = new Worker(new URL("./own-node-worker.js", import.meta.url));
     console.log(await use((options) => createMachine({ ...options, worker })));`,
  );
  write("own-node-worker.js", `import { serve } from "xen-balloon/worker"; serve();`);
  const config = write(
    "build-worker-rollup.js",
    `import { fileURLToPath } from "node:url"; import { rollup } from "rollup";
     // rollup leaves packages alone unless a plugin finds them
     const resolveId = (id) => (id.startsWith("xen-balloon") ? fileURLToPath(import.meta.resolve(id)) : null);
     for (const input of ["own-node-app.js", "own-node-worker.js"]) {
       const bundle = await rollup({ input, external: /^node:/, plugins: [{ name: "packages", resolveId }] });
       await bundle.write({ file: "worker-rollup/" + input, format: "es" });
     }`,
  );
  await run(process.execPath, config);
  write("worker-rollup/package.json", `{ "type": "module" }`);
  expect(await run(process.execPath, join(folder, "worker-rollup/own-node-app.js"))).toBe(SAID);
});
