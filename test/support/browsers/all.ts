/** The browsers that the package and the laboratory are tested in. */
import type { Browser } from "./browser.js";
import { CHROMIUM } from "./chromium.js";
import { FIREFOX } from "./firefox.js";
import { WEBKIT } from "./webkit.js";

export const BROWSERS: readonly Browser[] = [CHROMIUM, FIREFOX, WEBKIT];

/** The npm packages that drive the browsers Playwright does not. */
export const DRIVERS: Readonly<Record<string, string>> = {
  "puppeteer-core": "25.16.0",
  "selenium-webdriver": "4.49.0",
};
