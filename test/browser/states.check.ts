/** The one state of the page: each view renders it, from a boot that hangs to a guest that has ended; nothing is lost. */
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { laboratory, Visit } from "./page.js";

const SMALL = "config max_pfn=8192 nr_pages=8192 host_pages=8192";

describe.skipIf(laboratory === "")("the laboratory's state", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** No view shows what is no figure. */
  async function makesSense(visit: Visit): Promise<void> {
    const text = await visit.page.evaluate("document.body.innerText");
    expect(text).not.toMatch(/NaN|undefined|null pages|Infinity|\[object|\d{13}/);
  }

  test("before a boot, while one hangs, and after one that failed", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const visit = new Visit(await context.newPage());
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await context.route(/\.wasm/, async (route) => {
      await gate;
      await route.abort();
    });
    await visit.page.goto(laboratory);
    await visit.says("Booting: loading the engine");
    await makesSense(visit);
    expect(await visit.page.isDisabled("[name=slider]")).toBe(true);
    await visit.screenshot("booting");
    go();
    await visit.says("No guest: ");
    await visit.complains(/wasm/);
    await makesSense(visit);
    await visit.screenshot("failed");
    await context.unroute(/\.wasm/);
    await visit.page.click("#tab-guest");
    await visit.page.click("#boot button");
    await visit.says(/^The guest is at its target/);
    await visit.close();
  });

  test("an engine whose script does not come is said to be missing", async () => {
    const context = await browser.newContext();
    const visit = new Visit(await context.newPage());
    await context.route(/engine-worker/, (route) => route.abort());
    await visit.page.goto(laboratory);
    await visit.complains("the engine's worker failed: its script cannot be loaded");
    await visit.close();
  });

  test("an exception at the start reaches the page", async () => {
    const context = await browser.newContext();
    const visit = new Visit(await context.newPage());
    await visit.page.addInitScript(
      "Intl.NumberFormat = class { constructor() { throw new RangeError('no locale'); } }",
    );
    await visit.page.goto(laboratory);
    await visit.complains("The page has failed: no locale");
    await visit.close();
  });

  test("a boot that fails keeps the guest that was", async () => {
    const visit = await Visit.open(browser);
    await visit.says(/^The guest is at its target/);
    await visit.perform("target 3000000");
    await visit.tells("current", "3,000,000 pages (11.44 GiB)");
    await visit.page.fill("#script", "config max_pfn=4096 nr_pages=4096 xen=0\nboot\n");
    await visit.page.click("#script-run");
    await visit.complains(/the guest does not boot: .*ENODEV/);
    await visit.tells("current", "3,000,000 pages (11.44 GiB)");
    await visit.perform("target 2000000");
    await visit.tells("current", "2,000,000 pages (7.63 GiB)");
    await visit.close();
  });

  test("both time lines begin with the boot", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(SMALL);
    await visit.perform("target 4000");
    await visit.page.click("#step");
    for (const line of ["page", "virtual"]) {
      await visit.page.selectOption("#time-line", line);
      await expect
        .poll(() => visit.page.locator("#chart-pages .u-legend").textContent())
        .toMatch(/time.*0:\d\d:\d\d\.\d{3}/);
      await makesSense(visit);
      await visit.screenshot(`time-line-${line}`);
    }
    await visit.close();
  });

  test("the address follows: a reload shows the same guest, with its faults and what is to come", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(SMALL);
    await visit.perform("target 4000");
    await visit.page.click("#step");
    await visit.page.click("#tab-faults");
    await visit.page.check("#host-full");
    await visit.tells("host free", "0 pages");
    await visit.page.click("#tab-script");
    await expect.poll(() => visit.page.inputValue("#script")).toContain("host_take 4192");
    const script = await visit.page.inputValue("#script");
    await visit.page.fill("#script", `${script}target 5000\nadvance 9000\n`);
    await visit.page.click("#script-step");
    await visit.page.locator("#script-revert").waitFor({ state: "hidden" });
    for (const host of ["0 pages", "4,192 pages (16.38 MiB)", "0 pages"]) {
      await visit.page.click("#step");
      await visit.tells("host free", host);
    }
    const before = visit.page.url();
    await visit.page.click("#tab-faults");
    await visit.page.check("#fault-partial");
    await expect.poll(() => visit.page.url()).not.toBe(before);
    await expect.poll(() => visit.page.evaluate("history.length")).toBe(2);
    // the address has the last operation once it stays the same
    let url = "";
    await expect
      .poll(
        async () => {
          const last = url;
          url = visit.page.url();
          await visit.page.waitForTimeout(1500);
          return visit.page.url() === last;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    const figures = await visit.page.locator("#numbers").textContent();
    await visit.page.reload();
    await visit.says("Paused");
    await expect.poll(() => visit.page.locator("#numbers").textContent()).toBe(figures);
    await visit.page.click("#tab-faults");
    await expect.poll(() => visit.page.isChecked("#fault-partial")).toBe(true);
    await visit.page.click("#tab-script");
    await expect.poll(() => visit.page.inputValue("#script")).toContain("advance 9000");
    await visit.page.locator("#script-status", { hasText: "to come" }).waitFor();
    await visit.screenshot("script-to-come");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a fault that holds comes back from a link", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(SMALL);
    await visit.page.click("#tab-faults");
    await visit.page.check("#host-full");
    await expect.poll(() => visit.page.isChecked("#host-full")).toBe(true);
    await visit.page.click("#tab-keep");
    await visit.page.click("#link");
    await visit.page.locator("#link-status", { hasText: "this page's address" }).waitFor();
    const other = await Visit.open(browser, new URL(visit.page.url()).hash);
    await other.says("Paused");
    await expect.poll(() => other.page.isChecked("#host-full")).toBe(true);
    await other.perform("target 1000");
    await other.page.click("#step");
    await other.tells("current", "1,000 pages (3.91 MiB)");
    await other.tells("host free", "0 pages");
    await visit.close();
    await other.close();
  });

  test("links and scripts of before still load", async () => {
    const visit = await Visit.open(browser);
    await visit.says(/^The guest is at its target/);
    const saved = `# xen-balloon laboratory 1\n# view pfn=0 pages=4096 timeLine=page\n${SMALL}\nboot\ntarget 4000\nadvance 1500\n`;
    await visit.page.click("#tab-keep");
    await visit.page.setInputFiles("#load", { name: "old.ops", mimeType: "text/plain", buffer: Buffer.from(saved) });
    await visit.tells("time", "0:00:01.500");
    await visit.tells("current", "4,000 pages (15.63 MiB)");
    expect(await visit.page.inputValue("#time-line")).toBe("page");
    expect(await visit.page.inputValue("[name=max_pfn]")).toBe("32 MiB");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a script is played with its progress, stopped, and started again", async () => {
    const visit = await Visit.open(browser);
    await visit.says(/^The guest is at its target/);
    await visit.page.click("#tab-script");
    await visit.page.fill("#script", `${SMALL}\nboot\ntarget 4000\nadvance 3600000\ntarget 5000\nadvance 1000\n`);
    await visit.page.selectOption("#speed", "10");
    await visit.page.click("#script-run");
    await visit.says("Playing the script");
    await visit.page.locator("#progress-text", { hasText: "1 of 4 operations" }).waitFor();
    await visit.tells("current", "4,000 pages (15.63 MiB)");
    await visit.screenshot("playing");
    await visit.page.click("#stop");
    await expect.poll(() => visit.page.locator("#stop").isVisible()).toBe(false);
    await visit.page.selectOption("#speed", "Infinity");
    await visit.page.fill("#script", `${SMALL}\nboot\ntarget 4000\nadvance 3600000\ntarget 5000\nadvance 1000\n`);
    await visit.page.click("#script-run");
    await visit.tells("time", "1:00:01.000");
    await visit.tells("current", "5,000 pages (19.53 MiB)");
    await visit.page.click("#restart");
    await visit.tells("time", "1:00:01.000");
    await visit.tells("current", "5,000 pages (19.53 MiB)");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("one drag of the slider is one operation", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(SMALL, "1");
    const box = await visit.page.locator("[name=slider]").boundingBox();
    if (box === null) throw new Error("the slider has no place");
    const y = box.y + box.height / 2;
    await visit.page.mouse.move(box.x + box.width - 8, y);
    await visit.page.mouse.down();
    for (let step = 1; step <= 40; step++) await visit.page.mouse.move(box.x + box.width - 8 - step * 6, y);
    await expect.poll(() => visit.page.textContent("#target-preview")).toMatch(/to give to Xen/);
    await visit.tells("target", "8,192 pages (32.00 MiB)");
    await visit.page.mouse.up();
    await expect.poll(() => visit.page.inputValue("#script")).toMatch(/target/);
    expect((await visit.page.inputValue("#script")).match(/target/g)).toHaveLength(1);
    await visit.says(/^The guest is at its target/);
    await visit.close();
  });

  test("a script is checked, explained and completed as it is written", async () => {
    const visit = await Visit.open(browser);
    await visit.says(/^The guest is at its target/);
    await visit.page.click("#tab-script");
    await visit.page.fill("#script", `${SMALL}\nboot\nfly 3\n`);
    await visit.page.click("#script-run");
    await visit.complains('line 3: no operation "fly"');
    expect(await visit.page.locator("#script-mark.wrong").isVisible()).toBe(true);
    await visit.screenshot("script-wrong");
    await visit.page.fill("#script", `${SMALL}\nboot\n`);
    await visit.page.click("#script");
    await visit.page.keyboard.press("Control+End");
    await visit.page.keyboard.type("guest_sh");
    await visit.page.locator("#script-words button", { hasText: "guest_shuffle" }).waitFor();
    await visit.page.keyboard.press("Control+Space");
    expect(await visit.page.inputValue("#script")).toBe(`${SMALL}\nboot\nguest_shuffle`);
    await visit.page.keyboard.type(" 7");
    await visit.page.locator("#script-help", { hasText: "guest_shuffle SEED" }).waitFor();
    await visit.screenshot("script-help");
    await visit.page.click("#script-revert");
    await expect.poll(() => visit.page.inputValue("#script")).toContain("max_pfn=4194304");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("every event is reached, found and saved, with what came of it", async () => {
    const visit = await Visit.open(browser);
    await visit.says(/^The guest is at its target/);
    await visit.page.selectOption("#speed", "Infinity");
    await visit.page.click("#tab-script");
    const lines = Array.from({ length: 900 }, (_, i) => `target ${4000 + i}`);
    await visit.page.fill("#script", `${SMALL}\nboot\nballoon_free nothing\n${lines.join("\n")}\n`);
    await visit.page.click("#script-run");
    await visit.tells("target", "4,899 pages (19.14 MiB)");
    await visit.lists(/target 4899/);
    await visit.page.locator("#events-shown", { hasText: "of 903 events" }).waitFor();
    await visit.page.click("#events-first");
    await visit.lists(/balloon_free nothing: .*ENOENT/);
    await visit.page.fill("#events-search", "enoent");
    await expect.poll(() => visit.page.locator("#events li").count()).toBe(1);
    await visit.screenshot("events");
    const download = visit.page.waitForEvent("download");
    await visit.page.click("#events-save");
    const csv = readFileSync(await (await download).path(), "utf8");
    expect(csv).toMatch(/^time_s,kind,event\r\n0,operations,"balloon_free nothing: .*ENOENT.*"\r\n$/);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
