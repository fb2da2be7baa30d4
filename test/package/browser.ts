/** Pages in a real browser: a server of the consumer's folder, and Chromium where there is one. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import { setTimeout } from "node:timers/promises";
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

/** The title of the page once it has one. An error on the page is thrown. */
export async function titleOf(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  const wrong = new Promise<never>((_, reject) => {
    page.on("pageerror", (error) => reject(error));
  });
  await page.goto(url);
  // a page may have no text evaluated: waitForFunction would
  const said = async (): Promise<string> => (await page.title()) || setTimeout(20).then(said);
  return Promise.race([said(), wrong]);
}
