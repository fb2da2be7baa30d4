/** The packed package in Chromium: bundled with its Wasm files beside it, under a strict policy, without a bundler. */
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
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

const app = (entry: string): string =>
  `import { createMachine } from "${entry}"; import { use } from "./use.js";
   use(createMachine).then((said) => { document.documentElement.dataset.said = said; });`;
const page = (script: string): string =>
  `<!doctype html><html lang="en"><script type="module" src="${script}"></script>`;

describe.skipIf(!hasChromium())("Chromium", () => {
  let browser: Browser;
  const servers: Server[] = [];

  beforeAll(async () => {
    browser = await launch();
    write("use.js", USE);
    write("app.js", app("xen-balloon"));
    write("app.html", page("./app.js"));
    write("app-inline.js", app("xen-balloon/inline"));
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

  test("a Vite build, with the Wasm files beside it", async () => {
    const config = write(
      "build-vite.js",
      `import { build } from "vite";
       await build({ logLevel: "error", base: "./", build: { outDir: "page-vite", rollupOptions: { input: "app.html" } } });`,
    );
    await run(process.execPath, config);
    expect(await saidBy(browser, `${await origin()}/page-vite/app.html`)).toBe(SAID);
  });

  test("Vite's own server", async () => {
    const { createServer } = await import(join(folder, "node_modules/vite/dist/node/index.js"));
    const server = await createServer({ root: folder, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
    await server.listen();
    try {
      const { port } = server.httpServer.address();
      expect(await saidBy(browser, `http://127.0.0.1:${port}/app.html`)).toBe(SAID);
    } finally {
      await server.close();
    }
  });

  test("a webpack build, with the Wasm files beside it", async () => {
    const config = write(
      "build-webpack.js",
      `import webpack from "webpack";
       webpack({ mode: "production", target: "web", entry: "./app.js",
         output: { path: import.meta.dirname + "/page-webpack", filename: "app.js", publicPath: "auto" },
       }, (error, stats) => { if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString()); });`,
    );
    await run(process.execPath, config);
    write("page-webpack/app.html", page("./app.js"));
    expect(await saidBy(browser, `${await origin()}/page-webpack/app.html`)).toBe(SAID);
  });

  test("one file, on a page that allows Wasm and nothing else", async () => {
    const config = write(
      "build-esbuild.js",
      `import { build } from "esbuild";
       await build({ entryPoints: ["app-inline.js"], bundle: true, format: "esm", outfile: "page-strict/app.js", logLevel: "warning" });`,
    );
    await run(process.execPath, config);
    write("page-strict/app.html", page("./app.js"));
    const strict = await origin({ "content-security-policy": STRICT });
    expect(await saidBy(browser, `${strict}/page-strict/app.html`)).toBe(SAID);
  });

  test("without a bundler, by an import map", async () => {
    const map = JSON.stringify({ imports: { "xen-balloon": "/node_modules/xen-balloon/dist/browser.js" } });
    const head = `<!doctype html><html lang="en"><script type="importmap">${map}</script>`;
    write("plain.html", `${head}<script type="module" src="./app.js"></script>`);
    expect(await saidBy(browser, `${await origin()}/plain.html`)).toBe(SAID);
  });
});
