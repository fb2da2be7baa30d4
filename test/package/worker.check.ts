/** The packed package's worker in Chromium, by every way to get its script there. In Node: node.check.ts. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launch } from "../chromium.js";
import { saidBy, serve } from "./browser.js";
import { folder, run, SAID, USE, write } from "./consumer.js";

/** Nothing from elsewhere, no code from text; Wasm may be compiled, and nothing may be fetched. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

const page = (script: string, head = ""): string =>
  `<!doctype html><html lang="en">${head}<script type="module" src="${script}"></script>`;
const app = (entry: string): string =>
  `import { createMachine } from "${entry}"; import { use } from "./use.js";
   use(createMachine).then((said) => { document.documentElement.dataset.said = said; });`;
/** For bundlers that leave the package's own script behind. */
const OWN_WORKER = `import { serve } from "xen-balloon/worker"; serve();`;

beforeAll(() => {
  write("use.js", USE);
  write("worker-app.js", app("xen-balloon/worker"));
  write("worker-app.html", page("./worker-app.js"));
  write("own-worker.js", OWN_WORKER);
  write(
    "own-worker-app.js",
    `import { createMachine } from "xen-balloon/worker"; import { use } from "./use.js";
     const worker = new Worker("./own-worker.js", { type: "module" });
     use((options) => createMachine({ ...options, worker })).then((said) => { document.documentElement.dataset.said = said; });`,
  );
});

describe.skipIf(!hasChromium())("Chromium", () => {
  let browser: Browser;
  const servers: Server[] = [];

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    for (const server of servers) server.close();
  });

  async function origin(headers: Record<string, string> = {}): Promise<string> {
    const server = serve(headers).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("a Vite build", async () => {
    const config = write(
      "build-worker-vite.js",
      `import { build } from "vite";
       await build({ logLevel: "error", base: "./", build: { outDir: "worker-vite", rollupOptions: { input: "worker-app.html" } } });`,
    );
    await run(process.execPath, config);
    expect(await saidBy(browser, `${await origin()}/worker-vite/worker-app.html`)).toBe(SAID);
  });

  test("Vite's own server", async () => {
    const { createServer } = await import(join(folder, "node_modules/vite/dist/node/index.js"));
    const server = await createServer({ root: folder, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
    await server.listen();
    try {
      const { port } = server.httpServer.address();
      expect(await saidBy(browser, `http://127.0.0.1:${port}/worker-app.html`)).toBe(SAID);
    } finally {
      await server.close();
    }
  });

  test("a webpack build", async () => {
    const config = write(
      "build-worker-webpack.js",
      `import webpack from "webpack";
       webpack({ mode: "production", target: "web", entry: "./worker-app.js",
         output: { path: import.meta.dirname + "/worker-webpack", filename: "app.js", publicPath: "auto" },
       }, (error, stats) => { if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString()); });`,
    );
    await run(process.execPath, config);
    write("worker-webpack/app.html", page("./app.js"));
    expect(await saidBy(browser, `${await origin()}/worker-webpack/app.html`)).toBe(SAID);
  });

  test("an esbuild build, with a worker of its own", async () => {
    const config = write(
      "build-worker-esbuild.js",
      `import { build } from "esbuild";
       const entryPoints = ["own-worker-app.js", "own-worker.js"];
       await build({ entryPoints, bundle: true, format: "esm", outdir: "worker-esbuild", logLevel: "warning" });`,
    );
    await run(process.execPath, config);
    write("worker-esbuild/app.html", page("./own-worker-app.js"));
    expect(await saidBy(browser, `${await origin()}/worker-esbuild/app.html`)).toBe(SAID);
  });

  test("without a bundler, by an import map", async () => {
    const map = JSON.stringify({ imports: { "xen-balloon/worker": "/node_modules/xen-balloon/dist/worker.js" } });
    write("worker-plain.html", page("./worker-app.js", `<script type="importmap">${map}</script>`));
    expect(await saidBy(browser, `${await origin()}/worker-plain.html`)).toBe(SAID);
  });

  test("on a page that allows its own workers, Wasm and nothing else", async () => {
    write("worker-strict.js", app("/node_modules/xen-balloon/dist/worker.js"));
    write("worker-strict.html", page("./worker-strict.js"));
    const strict = await origin({ "content-security-policy": STRICT });
    expect(await saidBy(browser, `${strict}/worker-strict.html`)).toBe(SAID);
  });

  test("progress, an abort, an error, a worker that does not start, an end", async () => {
    write(
      "worker-behaves.js",
      `import { BalloonError, createMachine } from "/node_modules/xen-balloon/dist/worker.js";
       const failure = (promise) => promise.then(() => "nothing", (error) => error);
       const said = [];
       const machine = await createMachine({ hostPages: 300_000 });
       const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1 });
       let calls = 0;
       guest.on("hypercall", () => calls++);
       await guest.setTarget({ pages: 1000 });
       const controller = new AbortController();
       const onProgress = () => controller.abort("enough");
       said.push(await failure(guest.settle({ signal: controller.signal, onProgress })));
       await guest.settle();
       said.push(calls);
       said.push((await failure(guest.takeBallooned(2 ** 20))) instanceof BalloonError);
       said.push((await failure(guest.setTarget({ pages: () => 1 }))) instanceof TypeError);
       const none = new Worker("./none.js", { type: "module" });
       said.push((await failure(createMachine({ hostPages: 1, worker: none }))).message);
       const pending = failure(guest.stats());
       await machine.terminate();
       said.push((await pending).message);
       document.documentElement.dataset.said = said.join("; ");`,
    );
    write("worker-behaves.html", page("./worker-behaves.js"));
    expect((await saidBy(browser, `${await origin()}/worker-behaves.html`))?.split("; ")).toEqual([
      "enough",
      "299000",
      "true",
      "true",
      "the machine's thread has ended: its script cannot be loaded",
      "the machine was terminated",
    ]);
  });
});

test("a rollup build in Node, with a worker of its own", async () => {
  write(
    "own-node-app.js",
    `import { Worker } from "node:worker_threads"; import { createMachine } from "xen-balloon/worker";
     import { use } from "./use.js";
     const worker = new Worker(new URL("./own-worker.js", import.meta.url));
     console.log(await use((options) => createMachine({ ...options, worker })));`,
  );
  const config = write(
    "build-worker-rollup.js",
    `import { fileURLToPath } from "node:url"; import { rollup } from "rollup";
     // rollup leaves packages alone unless a plugin finds them
     const resolveId = (id) => (id.startsWith("xen-balloon") ? fileURLToPath(import.meta.resolve(id)) : null);
     for (const input of ["own-node-app.js", "own-worker.js"]) {
       const bundle = await rollup({ input, external: /^node:/, plugins: [{ name: "packages", resolveId }] });
       await bundle.write({ file: "worker-rollup/" + input, format: "es" });
     }`,
  );
  await run(process.execPath, config);
  write("worker-rollup/package.json", `{ "type": "module" }`);
  expect(await run(process.execPath, join(folder, "worker-rollup/own-node-app.js"))).toBe(SAID);
});
