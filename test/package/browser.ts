/** Pages in a real browser: a server of the consumer's folder, and Chromium where there is one. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import type { Browser } from "playwright-core";
import { folder } from "./consumer.js";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the folder, each answer with these headers. */
export function serve(headers: Record<string, string>): Server {
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

const PATIENCE_MS = 60_000;

/**
 * What the page says, as `data-said` of its root, however often it is loaded anew before. An error on the page is
 * thrown.
 */
export async function saidBy(browser: Browser, url: string): Promise<string | null> {
  const page = await browser.newPage();
  let last = "nothing";
  page.on("console", (message) => {
    last = message.text();
  });
  const wrong = new Promise<never>((_, reject) => {
    page.on("pageerror", (error) => reject(error));
  });
  // a page may have no text evaluated: a locator can wait all the same
  const said = async (): Promise<string | null> => {
    // no later: Vite's own server loads a page anew once it knows what the page needs, and the load may never end
    await page.goto(url, { waitUntil: "commit" });
    return page.locator("[data-said]").getAttribute("data-said", { timeout: PATIENCE_MS });
  };
  const silent = (cause: unknown): never => {
    throw new Error(`${url} does not say; the last in its console: ${last}`, { cause });
  };
  return Promise.race([said().catch(silent), wrong]);
}
