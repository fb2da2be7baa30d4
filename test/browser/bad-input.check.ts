/** A reader's mistake gives a clear message, and the page goes on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { installed, laboratory, Visit } from "./page.js";

describe.skipIf(laboratory === "")("the laboratory refuses, and goes on", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** The guest that booted before is still there, and does what it is told. */
  async function goesOn(visit: Visit): Promise<void> {
    await visit.perform("target 4000000");
    await visit.tells("current", "4,000,000 pages (15.26 GiB)");
    await visit.page.click("#tab-guest");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  }

  test("files that are not what they are taken for", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    for (const [input, name, text, message] of [
      ["#demand", "week.csv", "time_ms,used_kib\n0,many\n", /week\.csv: line 2, field 2 .*expected .*"many"/],
      ["#demand", "headless.csv", "0,1000\n1000,2000\n", /headless\.csv: line 1: expected names of columns/],
      ["#demand", "empty.csv", "", /empty\.csv: .*expected/],
      ["#boot-log", "dmesg.txt", "Linux version 6.1\nno Xen here\n", /dmesg\.txt: .*expected .*found/],
      ["#load", "saved.ops", "config max_pfn=100\nboot\nfly 3\n", /saved\.ops: line 3: no operation "fly"/],
      ["#load", "empty.ops", "# nothing\n", /empty\.ops: expected a script that boots a guest/],
      [
        "#demand",
        "step.json",
        '{"unit":"KiB","step_s":0.0005,"vms":{"a":{"used_kib":[4]}}}',
        /step\.json: step_s: .*0\.001/,
      ],
      ["#load", "later.ops", "# xen-balloon laboratory 9\nboot\n", /later\.ops: .*version 9.*version 1/],
    ] as const) {
      await visit.page.setInputFiles(input, { name, mimeType: "text/plain", buffer: Buffer.from(text) });
      await visit.complains(message);
      // at the control that caused it, too
      await expect.poll(() => visit.page.locator(`label:has(${input}) + .wrong`).textContent()).toMatch(message);
    }
    await goesOn(visit);
  });

  test("an operation that is none", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.perform("target minus");
    await visit.complains('target: expected pages from 0 to 4294967295, got "minus"');
    await goesOn(visit);
  });

  test("a guest that does not fit", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.page.click("#tab-guest");
    await visit.page.fill("[name=max_pfn]", "8");
    await visit.page.click("#boot button");
    await visit.complains(/max_pfn: expected a size with its unit, .* got 8/);
    await visit.page.fill("[name=max_pfn]", "8 TiB");
    await visit.page.click("#boot button");
    await visit.complains(/max_pfn: expected pages from 0 to 1073741824, got 2147483648/);
    expect(await visit.page.getAttribute("[name=max_pfn]", "aria-invalid")).toBe("true");
    await visit.screenshot("refused");
    await goesOn(visit);
  });

  test.each([
    ["of another version", "#7.AAAA", /version 7.*version 1/],
    ["that is broken", "#1.AAAA", /the link is broken/],
    ["that is none", "#hello", /no link to a state/],
  ])("a link %s", async (_, hash, message) => {
    const visit = await Visit.open(browser, hash);
    await visit.complains(message);
    await visit.says("No guest: boot one");
    expect(await visit.page.isDisabled("[name=slider]")).toBe(true);
    await visit.screenshot("bad-link");
    await visit.page.click("#tab-guest");
    await visit.page.click("#boot button");
    await visit.says("the guest is at its target");
    await goesOn(visit);
  });

  test("Wasm files of another build", async () => {
    const foreign = readFileSync(join(installed, "node_modules/xen-balloon/build/balloon.wasm"));
    // the last byte is of the build's hash
    foreign[foreign.length - 1] ^= 1;
    const context = await browser.newContext();
    const visit = new Visit(await context.newPage());
    let served = 0;
    await context.route(/balloon-?[^/]*\.wasm/, (route) => {
      served++;
      return route.fulfill({ body: foreign, contentType: "application/wasm" });
    });
    await visit.page.goto(laboratory);
    await visit.complains(/wasm\.balloon: expected balloon [0-9a-f]{16}, got balloon [0-9a-f]+/);
    expect(served).toBeGreaterThan(0);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a browser without WebAssembly", async () => {
    const context = await browser.newContext();
    const visit = new Visit(await context.newPage());
    await visit.page.addInitScript("delete globalThis.WebAssembly");
    await visit.page.goto(laboratory);
    await visit.complains("This browser has no WebAssembly");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
