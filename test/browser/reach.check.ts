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

  test.each(["light", "dark"] as const)("axe finds nothing in the %s", async (colorScheme) => {
    const visit = await Visit.open(browser, "", { colorScheme });
    await visit.says("the guest is at its target");
    for (const details of await visit.page.locator("details").all()) {
      await details.evaluate((element) => element.setAttribute("open", ""));
    }
    await visit.page.evaluate(axe.source);
    const violations = await visit.page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
    );
    expect(violations).toEqual([]);
    await visit.screenshot(colorScheme);
    await visit.close();
  });

  test("a phone's width is enough", async () => {
    const visit = await Visit.open(browser, "", { viewport: { width: 360, height: 740 }, hasTouch: true });
    await visit.says("the guest is at its target");
    const widths = await visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    expect(widths).toEqual([360, 360]);
    await visit.screenshot("phone");
    await visit.close();
  });

  test("the keyboard alone boots a guest and moves its target", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.page.locator("[name=memory]").focus();
    await visit.page.keyboard.type("1");
    await visit.page.keyboard.press("Enter");
    const slider = visit.page.locator("[name=slider]");
    await visit.says("the guest is at its target");
    const target = visit.page.locator('[data-name="target"]');
    const booted = await target.textContent();
    await slider.focus();
    await visit.page.keyboard.press("Home");
    await visit.page.keyboard.press("PageUp");
    await expect.poll(() => target.textContent()).not.toBe(booted);
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^\d+ MiB$/);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
