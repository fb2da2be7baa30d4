/** Prints a page to PDF with a Chromium that is installed here. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "./failure.js";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const LONGEST_MS = 60_000;

/** @throws Failure: there is no Chromium, or it does not print */
export function printPage(page: string, pdf: string): void {
  rmSync(pdf, { force: true });
  for (const browser of BROWSERS) {
    // the page runs no script and fetches nothing, and Chromium has no sandbox for root
    const args = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-pdf-header-footer",
      `--print-to-pdf=${resolve(pdf)}`,
    ];
    const { error, stderr } = spawnSync(browser, [...args, pathToFileURL(resolve(page)).href], {
      encoding: "utf8",
      timeout: LONGEST_MS,
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") continue;
    if (existsSync(pdf)) return;
    throw new Failure(`${pdf}: ${browser} did not print it: ${(error?.message ?? stderr).trim()}`);
  }
  throw new Failure(`--pdf: expected a Chromium on the path (${BROWSERS.join(", ")}), got none`);
}
