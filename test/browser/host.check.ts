/** The host view: plans, bars, time line, the map of a guest, the link; reachable by keyboard, and axe finds nothing. */
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { laboratory, Visit } from "./page.js";

describe.skipIf(laboratory === "")("the host view", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  /** A visit of the host, whose plan has run to its end; time stands still. */
  async function open(plan: string, options: Parameters<typeof Visit.open>[2] = {}): Promise<Visit> {
    const visit = await Visit.open(browser, "", { reducedMotion: "reduce", ...options });
    await visit.page.click("#show-host");
    await visit.page.click(`#host-plan-${plan}`);
    await ran(visit);
    return visit;
  }

  async function ran({ page }: Visit): Promise<void> {
    await page.locator(".host-row").nth(1).waitFor();
    await page.locator("#host-status:empty").waitFor({ state: "attached" });
  }

  async function goTo({ page }: Visit, ms: number): Promise<void> {
    await page.locator("#host-time").fill(String(ms));
  }

  const words = ({ page }: Visit, guest: string): Promise<string | null> =>
    page.locator(".host-row", { hasText: guest }).locator(".host-words").textContent();

  test("scrubbing shows who is short at a moment, and why", async () => {
    const visit = await open("squeezed");
    await goTo(visit, 120_000);
    expect(await words(visit, "db")).toMatch(/^Short of 1\.\d+ GiB: squeezed never looks at demand$/);
    await goTo(visit, 30_000);
    expect(await words(visit, "db")).toBe("");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("a refusal is a mark on the time line, which leads to its words", async () => {
    const visit = await open("stuck-donor");
    await visit.page.click("#host-marks .refused");
    expect(await words(visit, "new")).toMatch(/^Refused at 0:01:02/);
    await visit.screenshot("host");
    await visit.close();
  });

  test("a guest's map opens by the keyboard, follows the time, and Escape leads back to the guest", async () => {
    const visit = await open("qmemman");
    const { page } = visit;
    await page.locator(".host-name", { hasText: "web" }).focus();
    await page.keyboard.press("Enter");
    const legend = page.locator("#host-map-legend");
    await legend.locator("li", { hasText: /^ballooned [1-9]/ }).waitFor();
    const before = await legend.textContent();
    await goTo(visit, 160_000);
    await expect.poll(() => legend.textContent()).not.toBe(before);
    await page.focus("#host-map-close");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("web");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("play lets time pass, pause stops it", async () => {
    const visit = await open("qmemman");
    const { page } = visit;
    await page.selectOption("#host-speed", "60");
    await page.click("#host-play");
    await expect.poll(() => page.locator("#host-clock").textContent()).not.toBe("0:00:00.0");
    await page.click("#host-play");
    const at = await page.locator("#host-clock").textContent();
    await page.waitForTimeout(200);
    expect(await page.locator("#host-clock").textContent()).toBe(at);
    await visit.close();
  });

  test("a wrong plan is told with its line and field, and leaves the host on show", async () => {
    const visit = await open("squeezed");
    const { page } = visit;
    await page.click("#tab-host-plan");
    const text = await page.inputValue("#host-text");
    await page.fill("#host-text", text.replace("size: 8 GiB", "size: 8 GB"));
    await page.click("#host-run");
    await visit.complains(/^line 6, base\.size: expected a size in KiB, MiB, GiB or TiB, got "8 GB"/);
    expect(await page.textContent("#host-title")).toBe("Four guests under squeezed");
    await page.fill("#host-text", text);
    await page.selectOption("#host-settings [name=policy]", "keep");
    await ran(visit);
    expect(await page.inputValue("#host-text")).toContain("policy: keep");
    await visit.close();
  });

  test("the link has the plan, the moment and the guest", async () => {
    const visit = await open("stuck-donor");
    const { page } = visit;
    await goTo(visit, 70_000);
    await page.locator(".host-name", { hasText: "mail" }).click();
    await page.locator("#host-map-title", { hasText: "mail at 0:01:10" }).waitFor();
    await page.click("#tab-host-keep");
    await page.click("#host-link");
    await page.locator("#host-link-status:not(:empty)").waitFor();
    const again = await Visit.open(browser, new URL(page.url()).hash, { reducedMotion: "reduce" });
    await again.page.locator("#host-map-title", { hasText: "mail at 0:01:10" }).waitFor();
    await expect.poll(() => again.page.url()).toBe(page.url());
    // the guest of the page is there for who goes to it
    await again.page.click("#show-guest");
    await again.says("the guest is at its target");
    expect([...visit.wrong, ...again.wrong]).toEqual([]);
    await again.close();
    await visit.close();
  });

  test.each([
    [320, "light"],
    [390, "dark"],
    [1024, "light"],
    [1440, "dark"],
  ] as const)("axe finds nothing, and nothing is too wide: %i %s", async (width, colorScheme) => {
    const visit = await open("stuck-donor", { viewport: { width, height: 900 }, colorScheme });
    const { page } = visit;
    await goTo(visit, 70_000);
    await page.evaluate(axe.source);
    const check = async (): Promise<void> => {
      const found = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
      expect(found).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    };
    await check();
    await page.click("#tab-host-plan");
    await page.locator(".host-name", { hasText: "web" }).click();
    await page.locator("#host-map-legend li", { hasText: /^in use [1-9]/ }).waitFor();
    await check();
    await visit.close();
  });
});
