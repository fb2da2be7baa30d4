/** The packed package in every browser it is for, with its machine on the page and in a worker. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { BROWSERS } from "../support/browsers/all.js";
import { type RunningBrowser, waitFor } from "../support/browsers/browser.js";
import { folder, SAID, write } from "./consumer.js";
import { listen, type Origins, PACKAGE_PAGES, type PackagePage, WORKER_PAGES, writeSources } from "./pages.js";

const titled = (pages: readonly PackagePage[]) => pages.map((page) => [page.title, page] as const);
const present = inject("browsers");
let origins: Origins;

beforeAll(async () => {
  writeSources();
  for (const { make } of [...PACKAGE_PAGES, ...WORKER_PAGES]) await make();
  origins = await listen();
});

afterAll(() => origins.close());

/** Progress, an abort, an error, a worker that does not start, an end. */
const BEHAVES = `
  import { BalloonError, createMachine } from "/node_modules/xen-balloon/dist/worker.js";
  const failure = (promise) => promise.then(() => "nothing", (error) => error);
  const said = [];
  const machine = await createMachine({ hostPages: 300_000 });
  const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1 });
  let calls = 0;
  guest.on("hypercall", () => calls++);
  await guest.setTarget({ pages: 1000 });
  const controller = new AbortController();
  const onProgress = () => controller.abort("enough");
  said.push(await failure(guest.settle({ signal: controller.signal, onProgress })));
  await guest.settle();
  said.push(calls);
  said.push((await failure(guest.takeBallooned(2 ** 20))) instanceof BalloonError);
  said.push((await failure(guest.setTarget({ pages: () => 1 }))) instanceof TypeError);
  const none = new Worker("./none.js", { type: "module" });
  said.push((await failure(createMachine({ hostPages: 1, worker: none }))).message);
  const pending = failure(guest.stats());
  await machine.terminate();
  said.push((await pending).message);
  document.documentElement.dataset.said = said.join("; ");`;

describe.each(BROWSERS.map((browser, i) => [browser.name, browser, present[i]] as const))("%s", (_, browser, there) => {
  let running: RunningBrowser;

  beforeAll(async () => {
    if (there) running = await browser.launch(folder);
  });

  afterAll(() => running?.close());

  /** Reads a page's result, even if it reloads before. */
  async function saidBy(page: Parameters<Origins["urlOf"]>[0]): Promise<string> {
    const tab = await running.open();
    try {
      const url = origins.urlOf(page);
      await tab.goto(url);
      return await waitFor(tab, url, () => tab.attribute("data-said"));
    } finally {
      await tab.close();
    }
  }

  describe("import", () => {
    test.skipIf(!there).each(titled(PACKAGE_PAGES))("%s", async (_, page) => {
      expect(await saidBy(page)).toBe(SAID);
    });
  });

  describe("worker", () => {
    test.skipIf(!there).each(titled(WORKER_PAGES))("%s", async (_, page) => {
      expect(await saidBy(page)).toBe(SAID);
    });

    test.skipIf(!there)("a guest is heard, aborted and refused as on the page, and ended with its worker", async () => {
      write("worker-behaves.js", BEHAVES);
      write(
        "worker-behaves.html",
        `<!doctype html><html lang="en"><script type="module" src="./worker-behaves.js"></script>`,
      );
      expect((await saidBy({ path: "worker-behaves.html", served: "plain" })).split("; ")).toEqual([
        "enough",
        "299000",
        "true",
        "true",
        "the machine's thread has ended: its script cannot be loaded",
        "the machine was terminated",
      ]);
    });
  });

  describe("README", () => {
    test.skipIf(!there)("examples/page.html moves a guest's target", async () => {
      const tab = await running.open();
      try {
        await tab.goto(origins.urlOf({ path: "node_modules/xen-balloon/examples/page.html", served: "plain" }));
        const says = async (text: string): Promise<void> => {
          await waitFor(tab, text, async () =>
            (await tab.evaluate(`document.querySelector("output").value`)) === text ? true : null,
          );
        };
        await says("booted");
        await tab.evaluate(`(document.querySelector("input").value = "256", document.querySelector("button").click())`);
        await says("256 MiB, host free 768 MiB");
      } finally {
        await tab.close();
      }
    });
  });
});
