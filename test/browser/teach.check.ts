/** The laboratory teaches: the first minute, the terms, the scenarios, and the time line. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatClock } from "../../apps/laboratory/quantity.js";
import { SCENARIOS } from "../../apps/laboratory/scenarios/scenarios.js";
import { parseScript } from "../../src/scenario/script.js";
import { launch } from "../support/browsers/chromium.js";
import { laboratory, Visit } from "./page.js";

describe.skipIf(laboratory === "")("the laboratory teaches", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  function lengthMs(script: string): number {
    return parseScript(script).steps.reduce(
      (sum, { operation }) => sum + (operation.op === "advance" ? operation.ms : 0),
      0,
    );
  }

  /** Drags the time line to a time in ms. */
  async function goTo(visit: Visit, nowMs: number): Promise<void> {
    await visit.page.locator("#past-time").evaluate((slider, ms) => {
      (slider as HTMLInputElement).value = String(ms);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, nowMs);
  }

  async function placed(visit: Visit, text: RegExp): Promise<void> {
    await visit.page.locator("#past-place", { hasText: text }).waitFor();
  }

  test("a term is explained on hover and on focus, with its line; Escape takes the explanation away", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    const explanation = visit.page.locator("#explanation");
    await visit.page.hover("#numbers .term >> text=credit");
    await explanation.locator("text=current_credit, line 281 of drivers/xen/balloon.c").waitFor();
    await visit.screenshot("term");
    await visit.page.mouse.move(640, 790);
    await explanation.waitFor({ state: "hidden" });
    await visit.page.focus("#map-legend .term >> text=scratch");
    await explanation.locator("text=balloon_scratch_page, line 95").waitFor();
    expect(await visit.page.evaluate("document.activeElement.getAttribute('aria-describedby')")).toBe("explanation");
    await visit.page.keyboard.press("Escape");
    await explanation.waitFor({ state: "hidden" });
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test.each(SCENARIOS)(
    "$title: one click plays it, and what to look at is told",
    async ({ id, title, look, script }) => {
      const visit = await Visit.open(browser);
      await visit.says("the guest is at its target");
      await visit.page.click(`#scenario-${id}`);
      await visit.page.locator("#scenarios ol:visible li").first().waitFor();
      expect(await visit.page.locator("#scenarios ol:visible li").allTextContents()).toEqual(look);
      await visit.says(new RegExp(`Playing ${title}|BUG_ON`));
      await visit.page.selectOption("#speed", "Infinity");
      if (id === "bug-on") await visit.says("BUG_ON(ret != nr_pages)");
      else await visit.tells("time", formatClock(lengthMs(script)));
      await visit.screenshot(`scenario-${id}`);
      expect(visit.wrong).toEqual([]);
      await visit.close();
    },
  );

  test("the time line goes back: figures, map, curves and events show one moment, and time goes on from the present", async () => {
    const visit = await Visit.open(browser);
    await visit.says("the guest is at its target");
    await visit.page.click("#scenario-bug-on");
    await visit.says("BUG_ON(ret != nr_pages)");
    await visit.openDrawer();
    await goTo(visit, 2000);
    await placed(visit, /0:00:02\.000 of 0:00:04\.500, after target 200000/);
    await visit.tells("current", "200,000 pages (781.25 MiB)");
    await visit.page.locator("#chart-pages .chart-mark").waitFor({ state: "visible" });
    expect(await visit.page.locator("#events li[aria-current]").count()).toBe(1);
    await visit.screenshot("time-line");
    await goTo(visit, 1000);
    await visit.tells("current", "262,144 pages (1.00 GiB)");
    await visit.page.click("#past-on");
    await placed(visit, /after target 200000/);
    await visit.page.click("#past-now");
    await visit.says("the guest has ended");
    await placed(visit, /to look back/);

    await visit.page.click("#scenario-squeeze");
    // a scenario sets its own speed when its guest has booted
    await visit.says("Playing A squeeze");
    await visit.page.selectOption("#speed", "Infinity");
    await visit.tells("time", "0:00:11.000");
    await visit.page.locator("#events .event-time").nth(3).click();
    await visit.says("Looking back");
    await visit.perform("target 400000");
    await visit.says("Paused");
    await visit.tells("time", "0:00:11.000");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
