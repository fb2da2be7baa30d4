/** Pages that use the packed package, made by every way there is to get it and its worker's script into a browser. */
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { folder, run, USE, write } from "./consumer.js";

/** Nothing from elsewhere, no code from text; Wasm may be compiled, the page's own workers run, no file be fetched. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self'";

export interface PackagePage {
  readonly title: string;
  /** Its address in the consumer's folder. */
  readonly path: string;
  /** Who serves it: the folder as it is, with a strict policy, or Vite's own server. */
  readonly served: "plain" | "strict" | "vite";
  /** Writes and bundles it. */
  make(): Promise<void>;
}

const html = (script: string, head = ""): string =>
  `<!doctype html><html lang="en">${head}<script type="module" src="${script}"></script>`;

/** The page's result is in its root's data-said: the answer of `use`, or the error. */
const SAY = `(promise) => promise.catch((error) => "failed: " + error).then((said) => {
  document.documentElement.dataset.said = said;
})`;

const app = (entry: string): string =>
  `import { createMachine } from "${entry}"; import { use } from "./use.js"; (${SAY})(use(createMachine));`;

const importMap = (entry: string, file: string): string =>
  `<script type="importmap">${JSON.stringify({ imports: { [entry]: `/node_modules/xen-balloon/dist/${file}` } })}</script>`;

/** For bundlers that leave the package's own script behind. */
const OWN_WORKER = `import { serve } from "xen-balloon/worker"; serve();`;
const OWN_WORKER_APP = `import { createMachine } from "xen-balloon/worker"; import { use } from "./use.js";
  const worker = new Worker("./own-worker.js", { type: "module" });
  (${SAY})(use((options) => createMachine({ ...options, worker })));`;

async function vite(name: string): Promise<void> {
  const config = write(
    `build-vite-${name}.js`,
    `import { build } from "vite";
     await build({ logLevel: "error", base: "./", build: { outDir: "vite-${name}", rollupOptions: { input: "${name}.html" } } });`,
  );
  await run(process.execPath, config);
}

async function webpack(name: string): Promise<void> {
  const config = write(
    `build-webpack-${name}.js`,
    `import webpack from "webpack";
     webpack({ mode: "production", target: "web", entry: "./${name}.js",
       output: { path: import.meta.dirname + "/webpack-${name}", filename: "app.js", publicPath: "auto" },
     }, (error, stats) => { if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString()); });`,
  );
  await run(process.execPath, config);
  write(`webpack-${name}/app.html`, html("./app.js"));
}

async function esbuild(out: string, entryPoints: readonly string[]): Promise<void> {
  const config = write(
    `build-esbuild-${out}.js`,
    `import { build } from "esbuild";
     await build({ entryPoints: ${JSON.stringify(entryPoints)}, bundle: true, format: "esm", outdir: "${out}", logLevel: "warning" });`,
  );
  await run(process.execPath, config);
}

/** Writes the parts of every page below. */
export function writeSources(): void {
  write("use.js", USE);
  write("app.js", app("xen-balloon"));
  write("app.html", html("./app.js"));
  write("app-inline.js", app("xen-balloon/inline"));
  write("worker-app.js", app("xen-balloon/worker"));
  write("worker-app.html", html("./worker-app.js"));
  write("own-worker.js", OWN_WORKER);
  write("own-worker-app.js", OWN_WORKER_APP);
}

export const PACKAGE_PAGES: readonly PackagePage[] = [
  {
    title: "a Vite build, with the Wasm files beside it",
    path: "vite-app/app.html",
    served: "plain",
    make: () => vite("app"),
  },
  { title: "Vite's own server", path: "app.html", served: "vite", make: async () => {} },
  {
    title: "a webpack build, with the Wasm files beside it",
    path: "webpack-app/app.html",
    served: "plain",
    make: () => webpack("app"),
  },
  {
    title: "one file, on a page that allows Wasm and nothing else",
    path: "page-strict/app.html",
    served: "strict",
    async make() {
      await esbuild("page-strict", ["app-inline.js"]);
      write("page-strict/app.html", html("./app-inline.js"));
    },
  },
  {
    title: "without a bundler, by an import map",
    path: "plain.html",
    served: "plain",
    make: async () => void write("plain.html", html("./app.js", importMap("xen-balloon", "browser.js"))),
  },
];

export const WORKER_PAGES: readonly PackagePage[] = [
  { title: "a Vite build", path: "vite-worker-app/worker-app.html", served: "plain", make: () => vite("worker-app") },
  { title: "Vite's own server", path: "worker-app.html", served: "vite", make: async () => {} },
  { title: "a webpack build", path: "webpack-worker-app/app.html", served: "plain", make: () => webpack("worker-app") },
  {
    title: "an esbuild build, with a worker of its own",
    path: "worker-esbuild/app.html",
    served: "plain",
    async make() {
      await esbuild("worker-esbuild", ["own-worker-app.js", "own-worker.js"]);
      write("worker-esbuild/app.html", html("./own-worker-app.js"));
    },
  },
  {
    title: "without a bundler, by an import map",
    path: "worker-plain.html",
    served: "plain",
    make: async () =>
      void write("worker-plain.html", html("./worker-app.js", importMap("xen-balloon/worker", "worker.js"))),
  },
  {
    title: "on a page that allows its own workers, Wasm and nothing else",
    path: "worker-strict.html",
    served: "strict",
    async make() {
      write("worker-strict.js", app("/node_modules/xen-balloon/dist/worker.js"));
      write("worker-strict.html", html("./worker-strict.js"));
    },
  },
];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the consumer's folder, each answer with these headers. */
function serve(headers: Readonly<Record<string, string>>): Server {
  return createServer((request, response) => {
    const file = join(folder, normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname)));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", ...headers });
    response.end(readFileSync(file));
  });
}

export interface Origins {
  urlOf(page: Pick<PackagePage, "path" | "served">): string;
  close(): Promise<void>;
}

/** Everything that serves pages, listening. */
export async function listen(): Promise<Origins> {
  const { createServer: createVite } = await import(join(folder, "node_modules/vite/dist/node/index.js"));
  const plain = serve({}).listen(0, "127.0.0.1");
  const strict = serve({ "content-security-policy": STRICT }).listen(0, "127.0.0.1");
  await Promise.all([plain, strict].map((server) => once(server, "listening")));
  const vite = await createVite({ root: folder, logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  await vite.listen();
  const ports = Object.fromEntries(
    Object.entries({ plain, strict, vite: vite.httpServer as Server }).map(([name, server]) => [
      name,
      (server.address() as AddressInfo).port,
    ]),
  );
  return {
    urlOf: ({ served, path }) => `http://127.0.0.1:${ports[served]}/${path}`,
    async close() {
      for (const server of [plain, strict]) {
        server.closeAllConnections();
        server.close();
      }
      await vite.close();
    },
  };
}
