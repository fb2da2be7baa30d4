/** WebKitGTK: Debian's, in its MiniBrowser; Selenium drives it, over WebDriver. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureProgram } from "../debian.js";
import { freePort } from "../free-port.js";
import type { Browser } from "./browser.js";
import { versioned } from "./version.js";

const DRIVER = "/usr/bin/WebKitWebDriver";

/** The part of Selenium in use. Selenium is installed beside the packed package. */
interface Selenium {
  readonly Builder: new () => {
    usingServer(url: string): InstanceType<Selenium["Builder"]>;
    withCapabilities(capabilities: object): InstanceType<Selenium["Builder"]>;
    build(): Promise<Driver>;
  };
}
interface Driver {
  get(url: string): Promise<void>;
  executeScript(script: string): Promise<unknown>;
  findElements(by: {
    readonly css: string;
  }): Promise<readonly { getAttribute(name: string): Promise<string | null> }[]>;
  takeScreenshot(): Promise<string>;
  quit(): Promise<void>;
}

/** Its folder is named for the processor. */
function miniBrowser(): string {
  const files = readdirSync("/usr/lib").map((folder) => join("/usr/lib", folder, "webkit2gtk-4.1/MiniBrowser"));
  return files.find((file) => existsSync(file)) ?? "MiniBrowser";
}

export const WEBKIT: Browser = {
  get name() {
    // MiniBrowser tells its version where it has a display alone
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the field is dpkg's
    return versioned("WebKitGTK", "dpkg-query", ["--show", "--showformat=${Version}", "libwebkit2gtk-4.1-0"]);
  },
  ensure: () => ensureProgram(DRIVER, ["webkit2gtk-driver", "xvfb", "xauth"], "what needs WebKitGTK"),
  async launch(drivers) {
    const entry = pathToFileURL(join(drivers, "node_modules/selenium-webdriver/index.js")).href;
    const { Builder }: Selenium = (await import(entry)).default;
    const port = await freePort();
    // a process group of its own: xvfb-run starts a display and the driver as its children; its pages are told that their language is "C"
    const server = spawn("xvfb-run", ["--auto-servernum", DRIVER, `--port=${port}`], {
      detached: true,
      stdio: "ignore",
      env: { ...process.env, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
    });
    const browser = { binary: miniBrowser(), args: ["--automation"] };
    return {
      async open() {
        const driver = await answering(port, () =>
          new Builder()
            .usingServer(`http://127.0.0.1:${port}`)
            .withCapabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": browser })
            .build(),
        );
        return {
          // WebDriver tells of no errors: pages say themselves what went wrong
          wrong: [],
          goto: (url) => driver.get(url),
          evaluate: (expression) => driver.executeScript(`return ${expression}`),
          attribute: async (name) => {
            const [element] = await driver.findElements({ css: `[${name}]` });
            return element === undefined ? null : element.getAttribute(name);
          },
          screenshot: async () => Buffer.from(await driver.takeScreenshot(), "base64"),
          close: () => driver.quit(),
        };
      },
      async close() {
        if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid);
      },
    };
  },
};

const PATIENCE_MS = 20_000;

/** Begins a session once the driver listens. */
async function answering<T>(port: number, begin: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    try {
      await fetch(`http://127.0.0.1:${port}/status`);
      break;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return begin();
}
