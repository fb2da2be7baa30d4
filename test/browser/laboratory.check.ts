/** The laboratory at work: what it shows is what the API and the command say of the same guest. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMachine } from "../../dist/index.js";
import { formatPages } from "../../src/scenario/quantity.js";
import { launch } from "../support/browsers/chromium.js";
import { installed, laboratory, Visit } from "./page.js";

const GIB = 262_144;
const ONE_GIB = `config domain=pv max_pfn=${GIB} nr_pages=${GIB} reserved=4096`;

describe.skipIf(laboratory === "")("the laboratory", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** Reads the API's figures for a guest of 1 GiB with this target. */
  async function byApi(targetPages: number): Promise<Record<string, string>> {
    const machine = await createMachine({ hostPages: GIB });
    const guest = await machine.boot({ maxPfn: GIB, reservedPages: 4096 });
    await guest.setTarget({ pages: targetPages });
    await guest.settle();
    const stats = await guest.stats();
    const { totPages, freeNormalPages, creditPages } = await guest.status();
    return {
      current: formatPages(stats.currentPages),
      target: formatPages(stats.targetPages),
      credit: formatPages(creditPages),
      balloon_low: formatPages(stats.balloonLowPages),
      "host free": formatPages(await machine.freeFrames()),
      "held by the domain": formatPages(totPages),
      "free in the guest": formatPages(freeNormalPages),
    };
  }

  test("boots a guest at once, isolated and without a complaint", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.tells("current", "4,194,304 pages (16.00 GiB)");
    expect(await visit.page.evaluate("crossOriginIsolated")).toBe(true);
    expect(await visit.page.evaluate("document.title")).toBe("xen-balloon laboratory");
    await visit.screenshot("booted");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("the form writes the configuration that boots", async () => {
    const visit = await Visit.open(browser);
    const { page } = visit;
    await page.click("#tab-guest");
    await page.fill("[name=max_pfn]", "2 GiB");
    await page.selectOption("[name=domain]", "hvm");
    await page.locator("details:has([name=extra])").evaluate((details) => details.setAttribute("open", ""));
    await page.fill("[name=highmem_start]", "1 GiB");
    await page.fill("[name=extra]", "500000,1000");
    await page.click("#boot button");
    await visit.tells("balloon_high", "1,000 pages (3.91 MiB)");
    await visit.tells("held by the domain", formatPages(2 * GIB - 1000));
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("the slider moves the target, and the numbers are the API's", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB, "1");
    await visit.page.locator("[name=slider]").fill("100000");
    // the nearest round number of pages
    for (const [name, text] of Object.entries(await byApi(100_352))) await visit.tells(name, text);
    await visit.page.fill("[name=size]", "512 MiB");
    await visit.page.click("#target button");
    for (const [name, text] of Object.entries(await byApi(131_072))) await visit.tells(name, text);
    const legend = visit.page.locator("#map-legend");
    await expect.poll(async () => (await legend.textContent())?.replaceAll(/[^0-9a-z ]/gi, "")).toContain("131072");
    await visit.screenshot("half-inflated");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a terabyte goes out and comes back", async () => {
    const visit = await Visit.open(browser);
    const pages = 2 ** 28;
    await visit.boot(`config max_pfn=${pages} nr_pages=${pages} reserved=4096`, "1");
    await visit.perform("target 8192");
    await visit.tells("current", formatPages(8192));
    await visit.tells("host free", formatPages(pages - 8192));
    await visit.screenshot("terabyte-out");
    await visit.perform(`target ${pages}`);
    await visit.tells("current", formatPages(pages));
    await visit.tells("balloon_low", "0 pages");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("the map goes down to single pages, and names their frames", async () => {
    const visit = await Visit.open(browser);
    await visit.boot("config max_pfn=4096 nr_pages=4096 mfn_base=10000 host_pages=20000");
    await visit.perform("target 4000");
    await visit.page.click("#step");
    await visit.tells("current", "4,000 pages (15.63 MiB)");
    for (let zoom = 0; zoom < 12; zoom++) await visit.page.locator("#map").press("+");
    await visit.page.locator("#map").press("Home");
    for (let zoom = 0; zoom < 12; zoom++) await visit.page.locator("#map").press("+");
    await visit.page.locator("#map").press("Enter");
    const status = visit.page.locator("#map-status");
    await expect.poll(() => status.textContent()).toMatch(/PFN.*MFN/s);
    await visit.screenshot("single-pages");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a demand series is replayed to its end", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB, "1000");
    const csv = "time_ms,demand_kib\n0,800000\n60000,400000\n120000,524288\n";
    await visit.page.setInputFiles("#demand", { name: "demand.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    const reading = visit.page.locator("#demand-reading");
    await expect.poll(() => reading.textContent()).toContain("demand.csv, 3 rows: ");
    await expect.poll(() => reading.textContent()).toContain('in use from "demand_kib" (KiB); one guest');
    for (const [name, text] of Object.entries(await byApi(131_072))) await visit.tells(name, text);
    await visit.screenshot("replayed");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("faults: a full host, partial grants, a guest without pages, a CPU without scratch page", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    await visit.perform("target 131072");
    await visit.page.click("#step");
    await visit.tells("host free", "131,072 pages (512.00 MiB)");
    await visit.page.click("#tab-faults");
    await visit.page.check("#host-full");
    await visit.tells("host free", "0 pages");
    await visit.perform("target 262144");
    await visit.page.click("#step");
    await visit.says("waiting for the next try");
    await visit.tells("next run", "at 0:00:02.000");
    await visit.page.click("#step");
    await visit.tells("next run", "at 0:00:06.000");
    await visit.page.click("#tab-faults");
    await visit.page.uncheck("#host-full");
    await visit.page.check("#fault-partial");
    await visit.page.click("#step");
    await visit.says("the guest is at its target");
    await visit.lists(/retry: 1 failure, next try at/);
    await visit.lists(/asked 512, granted 0: the machine has no free frame/);
    await visit.lists(/asked 512, granted 100: as injected/);

    await visit.page.click("#tab-faults");
    await visit.page.uncheck("#fault-partial");
    await visit.page.check("#guest-full");
    await visit.tells("free in the guest", "0 pages");
    await visit.perform("target 200000");
    await visit.page.click("#step");
    await visit.says("waiting for the next try");
    await visit.page.click("#tab-faults");
    await visit.screenshot("faults");
    await visit.page.uncheck("#guest-full");
    await visit.page.fill("#on-cpu", "1");
    await visit.page.press("#on-cpu", "Tab");
    await expect.poll(() => visit.page.isEnabled("#step")).toBe(true);
    await visit.page.click("#step");
    await visit.says("BUG_ON(");
    await visit.lists(/BUG_ON\(.*\): the guest has ended/);
    await visit.screenshot("ended");
    expect(await visit.page.isDisabled("[name=slider]")).toBe(true);
    expect(await visit.page.isDisabled("#operation button")).toBe(true);
    await visit.boot(ONE_GIB);
    await visit.tells("current", formatPages(GIB));
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("what was done is a script that runs under the command, and a link that shows the same", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    for (const line of ["target 200000", "run", "balloon_alloc grants 100 0", "target 150000", "advance 500"]) {
      await visit.perform(line);
    }
    await visit.tells("current", "150,000 pages (585.94 MiB)");
    const download = visit.page.waitForEvent("download");
    await visit.page.click("#tab-keep");
    await visit.page.click("#save");
    const script = readFileSync(await (await download).path(), "utf8");
    const file = join(installed, "saved.ops");
    writeFileSync(file, script);
    const said = execFileSync("npx", ["--no-install", "xen-balloon", "run", file], {
      cwd: installed,
      encoding: "utf8",
    });
    expect(said).toMatch(/balloon_alloc grants 100 0/);
    const low = /balloon_low +([\d,]+)/.exec(said)?.[1].replaceAll(",", "");
    await visit.tells("balloon_low", formatPages(Number(low)));

    await visit.page.click("#link");
    await visit.page.locator("#link-status", { hasText: "this page's address" }).waitFor();
    const hash = new URL(visit.page.url()).hash;
    const other = await Visit.open(browser, hash);
    await other.says("Paused");
    for (const name of ["current", "target", "balloon_low", "host free"]) {
      await other.tells(name, (await visit.page.locator(`[data-name="${name}"]`).textContent()) ?? "");
    }
    await other.page.setInputFiles("#load", { name: "saved.ops", mimeType: "text/plain", buffer: Buffer.from(script) });
    await other.tells("balloon_low", formatPages(Number(low)));
    expect([...visit.wrong, ...other.wrong]).toEqual([]);
    await visit.close();
    await other.close();
  });

  test("a boot log becomes a configuration", async () => {
    const visit = await Visit.open(browser);
    const log = [
      "[    0.000000] Xen: [mem 0x0000000000000000-0x000000000009ffff] usable",
      "[    0.000000] Xen: [mem 0x00000000000a0000-0x00000000000fffff] reserved",
      "[    0.000000] Xen: [mem 0x0000000000100000-0x000000003fffffff] usable",
      "[    0.000000] e820: last_pfn = 0x40000 max_arch_pfn = 0x400000000",
      "[    0.000000] Booting paravirtualized kernel on Xen",
    ].join("\n");
    await visit.page.click("#tab-guest");
    await visit.page.setInputFiles("#boot-log", {
      name: "dmesg.txt",
      mimeType: "text/plain",
      buffer: Buffer.from(log),
    });
    await expect.poll(() => visit.page.inputValue("[name=max_pfn]")).toBe("1 GiB");
    expect(await visit.page.inputValue("[name=hole]")).toBe("160,96");
    expect(await visit.page.inputValue("[name=nr_pages]")).toBe("MISSING");
    await visit.complains("missing from the boot log: nr_pages");
    await visit.page.click("#boot button");
    await visit.complains(
      'nr_pages: expected a size with its unit, for example 512 MiB or 131,072 pages, got "MISSING"',
    );
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
