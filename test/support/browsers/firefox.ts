/** Firefox: Debian's, or the one that FIREFOX names; Puppeteer drives it, over WebDriver BiDi. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureProgram } from "../debian.js";
import type { Browser } from "./browser.js";
import { versioned } from "./version.js";

const PROGRAM: string = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** The part of Puppeteer in use. Puppeteer is installed beside the packed package. */
interface Puppeteer {
  launch(options: object): Promise<{ newPage(): Promise<Page>; close(): Promise<void> }>;
}
interface Page {
  on(event: "pageerror", hear: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  $(selector: string): Promise<{ evaluate(read: string): Promise<unknown> } | null>;
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export const FIREFOX: Browser = {
  get name() {
    return versioned("Firefox", PROGRAM);
  },
  ensure: () => ensureProgram(PROGRAM, ["firefox-esr"], "what needs Firefox (or the one that FIREFOX names)"),
  async launch(drivers) {
    const entry = pathToFileURL(join(drivers, "node_modules/puppeteer-core/lib/puppeteer/puppeteer-core.js")).href;
    const { default: puppeteer }: { default: Puppeteer } = await import(entry);
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: PROGRAM, headless: true });
    return {
      async open() {
        const page = await browser.newPage();
        const wrong: string[] = [];
        page.on("pageerror", (error) => wrong.push(error.message));
        const evaluate = (expression: string): Promise<unknown> => page.evaluate(expression);
        return {
          wrong,
          goto: async (url) => void (await page.goto(url)),
          evaluate,
          attribute: async (name) =>
            (await evaluate(`document.querySelector("[${name}]")?.getAttribute("${name}") ?? null`)) as string | null,
          screenshot: () => page.screenshot(),
          close: () => page.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
