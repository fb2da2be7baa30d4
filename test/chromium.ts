/** Chromium for tests: Debian's, or the one that CHROMIUM names. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const CHROMIUM: string = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Nothing of it is to look for the world outside: where there is none, it would try for long. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

export function hasChromium(): boolean {
  return existsSync(CHROMIUM);
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Installs it where CI=true; elsewhere says what is skipped without it. True where it is there in the end. */
export function ensureChromium(): boolean {
  if (hasChromium()) return true;
  if (process.env.CI === "true") {
    const apt = (...args: string[]): Buffer =>
      execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"] });
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium");
    return hasChromium();
  }
  console.log(`no ${CHROMIUM}: what needs a browser is skipped; CHROMIUM=… names another, CI=true installs one`);
  return false;
}
