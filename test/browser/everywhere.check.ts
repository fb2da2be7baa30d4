/** The laboratory in every browser it is for: booted, moved, watched, measured. What else it does: laboratory.check.ts. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { formatPages } from "../../src/scenario/quantity.js";
import { BROWSERS } from "../support/browsers/all.js";
import { type RunningBrowser, type Tab, waitFor } from "../support/browsers/browser.js";
import { installed, laboratory, screenshots } from "./page.js";

const present = inject("browsers");

/** Text of the first element, "" where there is none. */
const textOf = (selector: string): string => `(document.querySelector(${JSON.stringify(selector)})?.textContent ?? "")`;

const click = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}).click()`;

/** Enters text like a user. */
const fill = (selector: string, value: string): string =>
  `((field) => { field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event("input", { bubbles: true }));
     field.dispatchEvent(new Event("change", { bubbles: true })); })(document.querySelector(${JSON.stringify(selector)}))`;

async function holds(tab: Tab, expression: string): Promise<void> {
  await waitFor(tab, expression, async () => ((await tab.evaluate(expression)) === true ? true : null));
}

async function tells(tab: Tab, name: string, text: string): Promise<void> {
  await holds(tab, `${textOf(`[data-name="${name}"]`)} === ${JSON.stringify(text)}`);
}

/** A page with a guest of 1 GiB at its target, time passing as it does. */
async function booted(tab: Tab): Promise<void> {
  await tab.goto(laboratory);
  await holds(tab, `${textOf("#status")}.startsWith("The guest is at its target")`);
  await tab.evaluate(fill("#speed", "1"));
  await tab.evaluate(fill("#script", "config domain=pv max_pfn=262144 nr_pages=262144 reserved=4096\nboot\n"));
  await tab.evaluate(click("#script-run"));
  await tells(tab, "current", formatPages(262_144));
}

async function perform(tab: Tab, line: string): Promise<void> {
  await tab.evaluate(fill("[name=line]", line));
  await tab.evaluate(click("#operation button"));
}

describe.each(BROWSERS.map((browser, i) => [browser.name, browser, present[i]] as const))(
  "%s",
  (name, browser, there) => {
    let running: RunningBrowser;
    let tab: Tab;

    beforeAll(async () => {
      if (!there) return;
      running = await browser.launch(installed);
      tab = await running.open();
    });

    afterAll(async () => {
      await tab?.close();
      await running?.close();
    });

    describe("laboratory", () => {
      test.skipIf(!there)("boots a guest, isolated from other origins", async () => {
        await booted(tab);
        expect(await tab.evaluate("crossOriginIsolated")).toBe(true);
      });

      test.skipIf(!there)("moves a target: numbers, map, curves and events follow", async () => {
        await booted(tab);
        await perform(tab, "target 131072");
        await tells(tab, "current", formatPages(131_072));
        await tells(tab, "host free", formatPages(131_072));
        await holds(tab, `${textOf("#map-legend")}.replaceAll(/[^0-9a-z ]/gi, "").includes("131072")`);
        await holds(tab, `document.querySelectorAll("#charts .chart canvas").length === 3`);
        await tab.evaluate(click("#drawer-toggle"));
        await holds(tab, `document.querySelectorAll("#events li").length > 0`);
        mkdirSync(screenshots, { recursive: true });
        writeFileSync(join(screenshots, `everywhere-${name.split(" ")[0].toLowerCase()}.png`), await tab.screenshot());
      });

      test.skipIf(!there)("complains of what cannot be done", async () => {
        await booted(tab);
        await perform(tab, "target none");
        await holds(tab, `${textOf("#problem")}.includes("target")`);
      });

      test.skipIf(!there)("compares engine and reference: alike in what they do, not in their times", async () => {
        await booted(tab);
        await tab.evaluate(click("#show-compare"));
        await holds(tab, `${textOf("#compare-status")} === "Done."`);
        for (const side of ["a", "b"]) await tab.evaluate(fill(`[name="${side}.max_pfn"]`, "16 MiB"));
        for (const key of ["driver", "reserved"]) await tab.evaluate(fill(`[name="b.${key}"]`, ""));
        await tab.evaluate(fill('[name="a.reserved"]', ""));
        await tab.evaluate(fill('[name="b.engine"]', "reference"));
        await holds(tab, `${textOf("#compare-differs")} === "B differs from A in: engine"`);
        await tab.evaluate(click("[name=aspect][value=time]"));
        await tab.evaluate(click("#compare-run"));
        await holds(tab, `${textOf("#compare-status")} === "Done."`);
        await holds(tab, `${textOf("#compare-outcome")}.includes("a page moved")`);
        await holds(tab, `${textOf("#compare-outcome table:nth-of-type(2)")}.includes("retries")`);
        await holds(tab, `document.querySelectorAll("#compare-outcome table:nth-of-type(2) .differs").length === 0`);
        expect(tab.wrong).toEqual([]);
      });
    });
  },
);
