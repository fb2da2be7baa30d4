/** The laboratory's page as a reader has it before him. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, inject } from "vitest";

export const laboratory: string = inject("laboratory");
export const installed: string = inject("installed");

export const screenshots: string = fileURLToPath(new URL("../../artefacts/", import.meta.url));

/** One visit. What the page throws, logs as an error or is refused by its policy is kept. */
export class Visit {
  readonly page: Page;
  readonly wrong: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.wrong.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.wrong.push(message.text());
    });
  }

  /** @param hash - the fragment of a link. */
  static async open(browser: Browser, hash = "", options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const visit = new Visit(await context.newPage());
    await visit.page.goto(laboratory + hash);
    return visit;
  }

  /** Boots this configuration, time standing still unless a speed is given. */
  async boot(config: string, speed: string | null = null): Promise<void> {
    // the page's own guest would replace the text
    await this.page.locator("body:not([data-phase=none], [data-phase=booting])").waitFor();
    await this.page.click("#tab-script");
    await this.page.fill("#script", `${config}\nboot\n`);
    if (speed !== null) await this.page.selectOption("#speed", speed);
    await this.page.click(speed === null ? "#script-step" : "#script-run");
    // it is a reader's text until the guest is on show
    await this.page.locator("#script-revert").waitFor({ state: "hidden" });
    await this.says(speed === null ? "Paused: the guest is at its target" : /^The guest is at its target/);
  }

  /** Opens the drawer with the events. */
  async openDrawer(): Promise<void> {
    const toggle = this.page.locator("#drawer-toggle");
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
  }

  /** Waits until the comparison says that it has ended so. */
  async compared(status: string | RegExp = "Done."): Promise<void> {
    await this.page.locator("#compare-status", { hasText: status }).waitFor({ timeout: 100_000 });
  }

  /** Waits until the status has this. */
  async says(status: string | RegExp): Promise<void> {
    await this.page.locator("#status", { hasText: status }).waitFor();
  }

  /** Waits until the page complains so. */
  async complains(text: string | RegExp): Promise<void> {
    await this.page.locator("#problem:visible", { hasText: text }).waitFor();
  }

  /** Waits until a figure is told so. */
  async tells(name: string, text: string): Promise<void> {
    const value = this.page.locator(`[data-name="${name}"]`);
    await expect.poll(() => value.textContent(), { timeout: 60_000 }).toBe(text);
  }

  /** Does one operation of a script. */
  async perform(line: string): Promise<void> {
    await this.page.click("#tab-script");
    await this.page.fill("[name=line]", line);
    await this.page.click("#operation button");
  }

  /** Waits until such an event is in the list, which is drawn a frame after the figures. */
  async lists(event: RegExp): Promise<void> {
    await this.openDrawer();
    await this.page.locator("#events li", { hasText: event }).first().waitFor({ state: "attached" });
  }

  /** Kept as an artefact of the run, compared with nothing. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
