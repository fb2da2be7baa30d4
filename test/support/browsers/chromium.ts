/** Chromium: Debian's, or the one that CHROMIUM names; Playwright drives it. */
import { existsSync } from "node:fs";
import { chromium, type Browser as Driven } from "playwright-core";
import { ensureProgram } from "../debian.js";
import type { Browser } from "./browser.js";
import { versioned } from "./version.js";

const PROGRAM: string = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Nothing of it is to look for the world outside: where there is none, it would try for long. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

export function hasChromium(): boolean {
  return existsSync(PROGRAM);
}

export function launch(): Promise<Driven> {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

export const CHROMIUM: Browser = {
  get name() {
    return versioned("Chromium", PROGRAM);
  },
  ensure: () => ensureProgram(PROGRAM, ["chromium"], "what needs Chromium (or the one that CHROMIUM names)"),
  async launch() {
    const browser = await launch();
    return {
      async open() {
        const page = await browser.newPage();
        const wrong: string[] = [];
        page.on("pageerror", (error) => wrong.push(error.message));
        return {
          wrong,
          // no later: Vite's own server loads a page anew once it knows what the page needs, and the load may never end
          goto: async (url) => void (await page.goto(url, { waitUntil: "commit" })),
          evaluate: (expression) => page.evaluate(expression),
          attribute: async (name) => {
            const element = page.locator(`[${name}]`).first();
            return (await element.count()) === 0 ? null : element.getAttribute(name);
          },
          screenshot: () => page.screenshot(),
          close: () => page.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
