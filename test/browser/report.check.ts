/** Reports of the packed package as a reader opens them: a file, without a network. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, launch } from "../support/browsers/chromium.js";
import { installed, Visit } from "./page.js";

const STUDY = `format: xen-balloon study 1
title: Sizes & batches
question: What do they cost?
factors:
  maxPfn: { levels: [1024, 2048, 4096] }
  frameListCapacity: { levels: [64, 512], baseline: 512 }
measures: [time, memoryOps, extentsPerCall]
replications: 2
`;
const DEMAND = "time_s,vm,used_mib\n0,a,300\n0,b,400\n86400,a,350\n86400,b,300\n172800,a,320\n172800,b,310\n";

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-report-"));
const main = join(installed, "node_modules/xen-balloon/dist/cli/main.js");

function command(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

beforeAll(() => {
  writeFileSync(join(folder, "sizes.yaml"), STUDY);
  writeFileSync(join(folder, "two.csv"), DEMAND);
  expect(command("study", "sizes.yaml")).toMatchObject({ status: 0, stdout: "xen-balloon-sizes/report.html\n" });
  expect(command("study", "replay", "--demand", "two.csv")).toMatchObject({ status: 0 });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("without BullMQ a queue is refused, with what to install", () => {
  const message = "xen-balloon: the queue needs bullmq and ioredis: npm install bullmq@6.7.0 ioredis@6.0.0\n";
  expect(command("work", "--queue", "redis://127.0.0.1")).toEqual({ status: 2, stdout: "", stderr: message });
  const study = command("study", "sizes.yaml", "--out", "queued", "--queue", "redis://127.0.0.1");
  expect(study).toEqual({ status: 2, stdout: "", stderr: message });
});

describe.skipIf(!hasChromium())("a report", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, bypassCSP: true, ...options });
    const visit = new Visit(await context.newPage());
    await visit.page.goto(pathToFileURL(join(folder, `xen-balloon-${name}`, "report.html")).href);
    return visit;
  }

  test("opens, with its charts and its command", async () => {
    const visit = await open("sizes", { bypassCSP: false });
    expect(await visit.page.title()).toBe("Sizes & batches");
    expect(await visit.page.locator("svg[role=img]").count()).toBeGreaterThanOrEqual(5);
    expect(await visit.page.locator("pre").allTextContents()).toContain("npx xen-balloon study sizes.yaml");
    expect(visit.wrong).toEqual([]);
    await visit.screenshot("report");
    await visit.close();
    const replay = await open("replay");
    // the figure of the answer, a curve for each guest, and the extents of their calls
    expect(await replay.page.locator("svg[role=img]").count()).toBe(4);
    expect(await replay.page.locator("body").textContent()).toContain("What each balloon did");
    await replay.close();
  });

  test.each([
    ["sizes", "light"],
    ["sizes", "dark"],
    ["replay", "light"],
  ] as const)("%s in the %s: axe finds nothing", async (name, colorScheme) => {
    const visit = await open(name, { colorScheme });
    await visit.page.evaluate(axe.source);
    const violations = await visit.page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
    );
    expect(violations).toEqual([]);
    await visit.close();
  });

  test("a phone's width is enough", async () => {
    const visit = await open("sizes", { viewport: { width: 360, height: 740 } });
    expect(await visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")).toEqual([360, 360]);
    await visit.close();
  });
});
