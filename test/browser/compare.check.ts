/** Two guests compared on the page: what it shows is what the command says of each, and what it saves is of use. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { installed, laboratory, screenshots, Visit } from "./page.js";

const CONFIG = "config max_pfn=8192 nr_pages=8192 host_pages=8192";
const OPERATIONS = [
  "target 2048",
  "advance 500",
  "host_take 8192",
  "advance 100",
  "target 8192",
  "advance 40000",
  "host_give 8192",
  "advance 30000",
];

/** A page that compares these operations on a guest of 32 MiB: B has the driver of today. */
async function comparing(browser: Browser): Promise<Visit> {
  const visit = await Visit.open(browser);
  await visit.says("the guest is at its target");
  await visit.boot(CONFIG);
  await visit.page.click("#show-compare");
  await visit.compared();
  await visit.page.click("#compare-take");
  await visit.page.fill("#compare-operations", OPERATIONS.join("\n"));
  await visit.page.click("#compare-run");
  await visit.compared();
  return visit;
}

async function saved(visit: Visit, button: string): Promise<{ name: string; path: string; text: string }> {
  const download = visit.page.waitForEvent("download");
  await visit.page.click(`#compare-${button}`);
  const file = await download;
  const path = await file.path();
  return { name: file.suggestedFilename(), path, text: readFileSync(path, "utf8") };
}

function command(...args: string[]): string {
  return execFileSync("npx", ["--no-install", "xen-balloon", ...args], { cwd: installed, encoding: "utf8" });
}

describe.skipIf(laboratory === "")("a comparison", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  test("opens with the guest of the form, B with the other driver, and has been run", async () => {
    const visit = await Visit.open(browser, "", { viewport: { width: 1280, height: 800 } });
    await visit.says("the guest is at its target");
    await visit.page.click("#show-compare");
    await visit.compared();
    expect(await visit.page.textContent("#compare-differs")).toBe("B differs from A in: driver");
    expect(await visit.page.inputValue('[name="a.max_pfn"]')).toBe("16 GiB");
    expect(await visit.page.inputValue('[name="b.driver"]')).toBe("modern");
    const outcome = visit.page.locator("#compare-outcome");
    expect(await outcome.locator("tr", { hasText: "last target reached" }).textContent()).toMatch(
      /30\.000 snot reached$/,
    );
    expect(await visit.page.locator("#compare-curves canvas").count()).toBe(8);
    await visit.screenshot("compare");
    await visit.page.selectOption('[name="b.driver"]', "");
    expect(await visit.page.textContent("#compare-differs")).toBe("A and B are the same: nothing will differ.");
    expect(await visit.page.textContent("#results-of")).toBe("The form has changed since: run both again.");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("has the curves of the command's traces, as CSV, and their difference", async () => {
    const visit = await comparing(browser);
    const { name, text } = await saved(visit, "table");
    expect(name).toBe("compare-driver-curves.csv");
    const [head, ...lines] = text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    const rows = lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [head[i], Number(cell)])));
    for (const [side, driver] of [
      ["a", "2013"],
      ["b", "modern"],
    ]) {
      const script = join(installed, `${side}.ops`);
      writeFileSync(script, [`config driver=${driver}`, CONFIG, "boot", ...OPERATIONS, ""].join("\n"));
      const trace = command("run", "--trace", script)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      let compared = 0;
      for (const { now, stats, credit, host_free, work, woken } of trace) {
        // at the same time the worker's run comes, or another operation
        if (work === now || woken === 1 || trace.findLast((line) => line.now === now).stats !== stats) continue;
        compared++;
        expect(rows.find((row) => row.time_ms === now)).toMatchObject({
          [`current_${side}_pages`]: stats.current_pages,
          [`target_${side}_pages`]: stats.target_pages,
          [`credit_${side}_pages`]: credit,
          [`host_free_${side}_pages`]: host_free,
          [`retry_count_${side}_tries`]: stats.retry_count,
        });
      }
      expect(compared).toBe(3);
    }
    for (const row of rows) expect(row.current_b_minus_a_pages).toBe(row.current_b_pages - row.current_a_pages);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("is saved as a study, which the command runs, and as a picture", async () => {
    const visit = await comparing(browser);
    const study = await saved(visit, "study");
    expect(study.name).toBe("compare-driver-study.yaml");
    const file = join(installed, study.name);
    writeFileSync(file, study.text);
    expect(command("study", file, "--dry-run")).toContain("2 cases");
    const out = join(installed, "compared");
    command("study", file, "--out", out);
    const lines = readFileSync(join(out, "results.jsonl"), "utf8").trimEnd().split("\n").slice(1);
    const exact = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "exact");
    const row = async (name: string): Promise<string[]> =>
      visit.page.locator("#compare-outcome tr", { hasText: name }).locator("td").allTextContents();
    const [a, b] = (await row("hypercalls: memory_op")).map((text) => Number(text.replaceAll(",", "")));
    expect(new Set(exact.map(({ measures }) => measures.memoryOps))).toEqual(new Set([a, b]));
    const picture = await saved(visit, "picture");
    expect(picture.name).toBe("compare-driver-curves.png");
    expect(readFileSync(picture.path).subarray(1, 4).toString()).toBe("PNG");
    writeFileSync(join(screenshots, "compare-picture.png"), readFileSync(picture.path));
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("shows an error at the control that caused it, and the other side all the same", async () => {
    const visit = await comparing(browser);
    await visit.page.fill('[name="b.max_pfn"]', "much");
    await visit.page.click("#compare-run");
    await visit.compared("B failed.");
    expect(await visit.page.getAttribute('[name="b.max_pfn"]', "aria-invalid")).toBe("true");
    await visit.complains(
      'B: max_pfn: expected a size with its unit, for example 512 MiB or 131,072 pages, got "much"',
    );
    const figures = visit.page.locator("#compare-outcome tr", { hasText: "memory_op" }).locator("td");
    expect((await figures.allTextContents())[1]).toBe("–");
    await visit.screenshot("compare-failed");
    await visit.page.fill('[name="b.max_pfn"]', "32 MiB");
    await visit.page.fill("#compare-operations", "on_cpu 3\ntarget 4096\nrun");
    await visit.page.selectOption('[name="a.domain"]', "hvm");
    await visit.page.click("#compare-run");
    await visit.compared("Done.");
    await visit.page.locator("#compare-outcome", { hasText: "BUG_ON(" }).waitFor();
    await visit.page.fill("#compare-operations", "target 4096\nfly");
    await visit.page.click("#compare-run");
    await visit.compared("A and B failed.");
    await visit.complains(/A: line 2 of the operations: no operation "fly".*; B: line 2/);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("of times, with intervals, is stopped and saved; the guest stands still meanwhile", async () => {
    const visit = await comparing(browser);
    const { page } = visit;
    await page.check("[name=aspect][value=time]");
    await page.click("#compare-run");
    await page.click("#compare-run");
    await visit.compared("Stopped.");
    await page.click("#compare-run");
    await visit.compared("Done.");
    expect(await page.locator("#compare-outcome tr", { hasText: "a page moved" }).textContent()).toMatch(
      /a page moved[\d.]+ \[[\d.]+, [\d.]+\] ns.* ×$/,
    );
    await visit.screenshot("compare-times");
    const { name, text } = await saved(visit, "times");
    expect(name).toBe("compare-driver-times.json");
    const file = JSON.parse(text);
    expect(file).toMatchObject({ format: "xen-balloon comparison 2", hiddenMeanwhile: false });
    expect(file.environment).toMatchObject({ crossOriginIsolated: true, version: expect.stringMatching(/^\d+\.\d+/) });
    for (const side of [file.a, file.b]) expect(side.timed.samplesNs).toHaveLength(20);
    expect((await saved(visit, "study")).text).toContain("measures: [time, ");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("is in the link, which shows the same; a link without one shows the guest", async () => {
    const visit = await comparing(browser);
    await visit.page
      .locator("#compare-sides details", { hasText: "frame_list" })
      .evaluate((fold) => fold.setAttribute("open", ""));
    await visit.page.fill('[name="b.frame_list"]', "64 pages");
    await visit.page.waitForTimeout(1500);
    const { hash } = new URL(visit.page.url());
    const again = await Visit.open(browser, hash);
    await again.compared();
    expect(await again.page.textContent("#compare-differs")).toBe("B differs from A in: driver, frame_list");
    expect(await again.page.inputValue("#compare-operations")).toBe(OPERATIONS.join("\n"));
    expect(await again.page.locator('[name="b.frame_list"]').isVisible()).toBe(true);
    await again.page.click("#show-guest");
    await again.tells("current", "8,192 pages (32.00 MiB)");
    await again.page.waitForTimeout(1500);
    const guest = await Visit.open(browser, new URL(again.page.url()).hash);
    await guest.tells("current", "8,192 pages (32.00 MiB)");
    expect(await guest.page.isVisible("#compare")).toBe(false);
    for (const each of [visit, again, guest]) {
      expect(each.wrong).toEqual([]);
      await each.close();
    }
  });

  test("takes a script or a demand, and tells of its curves by keyboard", async () => {
    const visit = await comparing(browser);
    const { page } = visit;
    const demand = "time_s,used_mib\n0,30\n60,10\n120,20\n";
    await page.setInputFiles("#compare-file", { name: "one.csv", mimeType: "text/csv", buffer: Buffer.from(demand) });
    await expect
      .poll(() => page.inputValue("#compare-operations"))
      .toBe("target 7680\nadvance 60000\ntarget 2560\nadvance 60000\ntarget 5120\nrun");
    const script = `${CONFIG.replace("host_pages", "cpus=2 host_pages")}\nboot\n${OPERATIONS.join("\n")}\n`;
    await page.setInputFiles("#compare-file", { name: "a.ops", mimeType: "text/plain", buffer: Buffer.from(script) });
    await expect.poll(() => page.inputValue('[name="b.cpus"]')).toBe("2");
    expect(await page.textContent("#compare-differs")).toBe("B differs from A in: driver");
    await page.locator("#compare-run").focus();
    await page.keyboard.press("Enter");
    await visit.compared();
    await page.locator("#compare-curves").focus();
    await page.keyboard.press("ArrowLeft");
    await expect
      .poll(() => page.textContent("#compare-cursor"))
      .toMatch(/^At 0:01:\d\d\.\d+ of virtual time: current A .*, B .*, B − A .*; target A /);
    await page.keyboard.press("+");
    await expect.poll(() => page.getAttribute("#compare-whole", "aria-disabled")).toBe("false");
    await page.keyboard.press("Home");
    await expect.poll(() => page.getAttribute("#compare-whole", "aria-disabled")).toBe("true");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
