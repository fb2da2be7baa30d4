/** Who can use the page: by keyboard, with a screen reader, in the dark, on a phone. */
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { laboratory, Visit } from "./page.js";

describe.skipIf(laboratory === "")("the laboratory is for everyone", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  const SIZES = [
    [320, 640],
    [390, 844],
    [1024, 768],
    [1440, 900],
  ] as const;
  const CASES = SIZES.flatMap(([width, height]) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, height, colorScheme })),
  );

  test.each(CASES)("axe finds nothing, and nothing is too wide: $width $colorScheme", async (look) => {
    const { width, height, colorScheme } = look;
    const visit = await Visit.open(browser, "", { viewport: { width, height }, colorScheme });
    await visit.says("the guest is at its target");
    for (const details of await visit.page.locator("details").all()) {
      await details.evaluate((element) => element.setAttribute("open", ""));
    }
    await visit.perform("nonsense");
    await visit.complains("no operation");
    await visit.page.evaluate(axe.source);
    await visit.openDrawer();
    for (const tab of ["try", "guest", "script", "faults", "demand", "keep", "compare"]) {
      await visit.page.click(tab === "compare" ? "#show-compare" : `#tab-${tab}`);
      if (tab === "compare") await visit.compared();
      const violations = await visit.page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
      expect({ tab, violations }).toEqual({ tab, violations: [] });
      const widths = await visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
      expect({ tab, widths }).toEqual({ tab, widths: [width, width] });
      await visit.screenshot(`${width}-${colorScheme}-${tab}`);
    }
    await visit.close();
  });

  test("target, map and curves are in view together", async () => {
    const visit = await Visit.open(browser, "", { viewport: { width: 1280, height: 800 } });
    await visit.says("the guest is at its target");
    const seen = (selector: string, height: number) =>
      visit.page.locator(selector).evaluate((element, most) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= most;
      }, height);
    for (const view of ["#status", "#target", "#numbers", "#map", "#charts", "#drawer-toggle"]) {
      expect({ view, seen: await seen(view, 800) }).toEqual({ view, seen: true });
    }
    await visit.close();
    const phone = await Visit.open(browser, "", { viewport: { width: 390, height: 844 }, hasTouch: true });
    await phone.says("the guest is at its target");
    for (const view of ["#status", "#target", "#map"]) {
      const inView = await phone.page.locator(view).evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= 844;
      });
      expect({ view, inView }).toEqual({ view, inView: true });
    }
    await phone.close();
  });

  test.each([
    ["forced colours", { forcedColors: "active" }],
    ["reduced motion", { reducedMotion: "reduce" }],
  ] as const)("with %s the page says and does the same", async (name, options) => {
    const visit = await Visit.open(browser, "", options);
    await visit.says("the guest is at its target");
    await visit.perform("target 3000000");
    await visit.tells("current", "3,000,000 pages (11.44 GiB)");
    const animations = await visit.page.evaluate("document.getAnimations().length");
    expect(animations).toBe(0);
    await visit.screenshot(name.replace(" ", "-"));
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("tabs and curves by keyboard", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.page.locator("#tab-guest").focus();
    await visit.page.keyboard.press("ArrowRight");
    expect(await visit.page.locator("#panel-script").isVisible()).toBe(true);
    await visit.page.keyboard.press("End");
    expect(await visit.page.locator("#panel-keep").isVisible()).toBe(true);
    await visit.boot("config max_pfn=8192 nr_pages=8192");
    for (const line of ["target 4096", "advance 25500", "target 6000", "advance 4500"]) await visit.perform(line);
    await visit.tells("time", "0:00:30.000");
    await visit.page.locator("#charts").focus();
    await visit.page.keyboard.press("ArrowLeft");
    const cursor = visit.page.locator("#chart-cursor");
    await expect.poll(() => cursor.textContent()).toContain("At 0:00:25.500 of virtual time: current 23.44 MiB");
    await visit.page.keyboard.press("+");
    await expect.poll(() => visit.page.getAttribute("#curves-whole", "aria-disabled")).toBe("false");
    await visit.screenshot("curves-closer");
    await visit.page.keyboard.press("Home");
    await expect.poll(() => visit.page.getAttribute("#curves-whole", "aria-disabled")).toBe("true");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("the keyboard alone boots a guest and moves its target", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.page.locator("#tab-try").focus();
    await visit.page.keyboard.press("ArrowRight");
    await visit.page.locator("[name=max_pfn]").focus();
    await visit.page.keyboard.press("ControlOrMeta+A");
    await visit.page.keyboard.type("1 GiB");
    await visit.page.keyboard.press("Enter");
    await visit.tells("current", "262,144 pages (1.00 GiB)");
    const slider = visit.page.locator("[name=slider]");
    await visit.says("the guest is at its target");
    const target = visit.page.locator('[data-name="target"]');
    const booted = await target.textContent();
    await slider.focus();
    await visit.page.keyboard.press("Home");
    await visit.page.keyboard.press("PageUp");
    await expect.poll(() => target.textContent()).not.toBe(booted);
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^[\d,]+ pages \(.* MiB\)$/);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
