/** Orientation on the map, and the way through a run: by batch, to a breakpoint, and on from a past moment. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../support/browsers/chromium.js";
import { laboratory, Visit } from "./page.js";

const ONE_GIB = "config domain=pv max_pfn=262144 nr_pages=262144 reserved=4096";

describe.skipIf(laboratory === "")("the map and the run", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  async function goTo(visit: Visit, pfn: string): Promise<void> {
    await visit.page.fill("#map-goto input", pfn);
    await visit.page.press("#map-goto input", "Enter");
  }

  const status = (visit: Visit) => expect.poll(() => visit.page.locator("#map-status").innerText());
  const shown = (visit: Visit) => expect.poll(() => visit.page.getAttribute("#map-overview", "aria-valuetext"));
  const marks = (visit: Visit): Promise<string[]> => visit.page.locator("#map-ruler div").allInnerTexts();

  test("a page is gone to by its number, and told with its run and its frames", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    expect((await marks(visit))[0]).toBe("0\n0x0");
    await shown(visit).toBe("all of the guest");
    await visit.perform("target 131072");
    await visit.page.click("#step");
    await visit.tells("current", "131,072 pages (512.00 MiB)");
    await goTo(visit, "0x1800");
    await status(visit).toMatch(
      /^Page PFN 6,144 \(0x1800\), ballooned\. P2M: MFN [\d,]+ \(0x[0-9a-f]+\), the scratch page’s frame/,
    );
    await status(visit).toMatch(/Run PFN 0x1[0-9a-f]+ to 0x[0-9a-f]+, 131,0\d\d pages .*, all ballooned\./);
    await shown(visit).toMatch(/^PFN [\d,]+ to [\d,]+ of 262,144$/);
    await goTo(visit, "4,000");
    await status(visit).toMatch(/^Page PFN 4,000 \(0xfa0\), in use\. P2M: MFN 4,000 \(0xfa0\)\./);
    await status(visit).toMatch(/Run PFN 0x0 to 0xfff, .* all in use\. P2M: MFN 0x0 to 0xfff, step \+1\./);
    await visit.screenshot("map-page");
    const before = await visit.page.getAttribute("#map-overview", "aria-valuetext");
    await goTo(visit, "262144");
    await visit.page.locator("#map-goto .wrong", { hasText: "expected a PFN from 0 to 262,143 (0x3ffff)" }).waitFor();
    expect(await visit.page.getAttribute("#map-overview", "aria-valuetext")).toBe(before);
    await visit.screenshot("map-wrong-pfn");
    await goTo(visit, "0x3ffff");
    await status(visit).toMatch(/^Page PFN 262,143 \(0x3ffff\), free\./);
    expect(await visit.page.locator("#map-goto .wrong").isVisible()).toBe(false);
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("the overview moves the map, dragged and by keys", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    const slider = visit.page.locator("#map-overview");
    await slider.focus();
    for (let zoom = 0; zoom < 4; zoom++) await visit.page.keyboard.press("+");
    await visit.page.keyboard.press("Home");
    await shown(visit).toBe("PFN 0 to 16,383 of 262,144");
    await visit.page.keyboard.press("PageDown");
    await shown(visit).toBe("PFN 16,384 to 32,767 of 262,144");
    await visit.page.keyboard.press("End");
    await shown(visit).toBe("PFN 245,760 to 262,143 of 262,144");
    await expect.poll(async () => (await marks(visit))[0]).toBe("960 MiB\n0x3c000");
    const box = await slider.boundingBox();
    if (box === null) throw new Error("the overview has no place");
    const y = box.y + box.height / 2;
    const x = (share: number): number => box.x + box.width * share;
    await visit.page.mouse.move(x(0.97), y);
    await visit.page.mouse.down();
    for (let step = 1; step <= 10; step++) await visit.page.mouse.move(x(0.97 - 0.05 * step), y);
    await visit.page.mouse.up();
    await shown(visit).toMatch(/^PFN 11[345],\d{3} to 1[23]\d,\d{3} of 262,144$/);
    // a press beside the window brings its middle there
    await visit.page.mouse.click(x(0.25), y);
    await shown(visit).toMatch(/^PFN 5[67],\d{3} to 7[34],\d{3} of 262,144$/);
    await visit.screenshot("map-overview");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("by batch and to a breakpoint, whose mistakes are told where they are made", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    await visit.perform("target 100000");
    await visit.page.click("#step-batch");
    await visit.says("Paused after batch 1 of a run");
    await visit.tells("current", "261,632 pages (1022.00 MiB)");
    await visit.page.click("#step-batch");
    await visit.tells("current", "261,120 pages (1020.00 MiB)");
    await visit.screenshot("by-batch");
    await visit.page.fill("[name=condition]", "size < 5");
    await visit.page.press("[name=condition]", "Enter");
    await visit.page.locator("#breakpoint .wrong", { hasText: "expected one of current, target" }).waitFor();
    await visit.page.fill("[name=condition]", "current < 512 MiB");
    await visit.page.press("[name=condition]", "Enter");
    await visit.page.locator("#breakpoint-status", { hasText: "current < 512 MiB" }).waitFor();
    await visit.page.click("#play");
    await visit.says("Stopped: current < 512 MiB, after batch 257 of a run");
    await visit.tells("current", "130,560 pages (510.00 MiB)");
    await visit.screenshot("breakpoint");
    await visit.page.click("#breakpoint-drop");
    await visit.page.click("#step");
    await visit.tells("current", "100,000 pages (390.63 MiB)");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });

  test("who goes on from a past moment has what came after it still to come", async () => {
    const visit = await Visit.open(browser);
    await visit.boot(ONE_GIB);
    for (const line of ["target 200000", "advance 3000", "target 100000", "advance 2000"]) await visit.perform(line);
    await visit.tells("current", "100,000 pages (390.63 MiB)");
    expect(await visit.page.isVisible("#past-branch")).toBe(false);
    await visit.page.locator("#past-time").evaluate((slider) => {
      (slider as HTMLInputElement).value = "1000";
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await visit.tells("time", "0:00:01.000");
    await visit.screenshot("past");
    await visit.page.click("#past-branch");
    await visit.says("Paused in what came after");
    await visit.tells("current", "200,000 pages (781.25 MiB)");
    await expect
      .poll(() => visit.page.inputValue("#script"))
      .toBe(`${ONE_GIB}\nboot\ntarget 200000\nadvance 1000\nadvance 2000\ntarget 100000\nadvance 2000\n`);
    await visit.perform("target 150000");
    await visit.page.click("#stop");
    await visit.page.click("#step");
    await visit.tells("current", "150,000 pages (585.94 MiB)");
    await visit.tells("time", "0:00:01.000");
    await visit.screenshot("branch");
    expect(visit.wrong).toEqual([]);
    await visit.close();
  });
});
