/** DRIVERS.md: its scripts show what it says of the two drivers, and its links hold those scripts. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../apps/laboratory/state.js";
import { Interpreter } from "../src/scenario/interpreter.js";
import { parseScript } from "../src/scenario/script.js";
import { ScriptError } from "../src/scenario/script-error.js";
import type { WorldGuest } from "../src/world/guest.js";
import { engines } from "./support/engines.js";

const root = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const DRIVERS = ["2013", "modern"] as const;
type Driver = (typeof DRIVERS)[number];

const scriptOf = (name: string, driver: Driver): string =>
  `config driver=${driver}\n${readFileSync(root(`examples/drivers/${name}.ops`), "utf8")}`;

const currentPages = (guest: WorldGuest): number => Number(guest.stats().current_pages);
const freePages = (guest: WorldGuest): number => guest.state().freeNormalPages;
const memoryOps = (guest: WorldGuest): number => guest.hypercalls.memoryOps;
const ballooned = (pfn: number, pages: number) => (guest: WorldGuest) =>
  guest.census({ pfn, pages, cellPages: pages }).counts.ballooned[0];

/** The figure that each script shows at its end, under the driver of 2013 and under today's; null where it cannot run. */
const SHOWN: Readonly<Record<string, readonly [of: (guest: WorldGuest) => number, ...(number | null)[]]>> = {
  "back-off": [currentPages, 4096, 2048],
  "target-in-back-off": [currentPages, 1024, 4000],
  "short-of-memory": [currentPages, 600, 2512],
  "above-memory": [(guest) => Number(guest.stats().target_pages), 8192, 4096],
  hotplug: [currentPages, 98_304, 98_304],
  "extra-region": [currentPages, 6144, 4096],
  lend: [memoryOps, 6, 2],
  order: [ballooned(1792, 256), 1, 256],
  "scratch-page": [freePages, 0, 4],
  scrub: [(guest) => guest.state().scrubbedPages, null, 1024],
  late: [currentPages, null, 1024],
};

test("each script is shown", () => {
  const names = readdirSync(root("examples/drivers")).map((file) => file.replace(".ops", ""));
  expect(names.sort()).toEqual(Object.keys(SHOWN).sort());
});

describe.each(Object.entries(SHOWN))("%s", (name, [figureOf, ...expected]) => {
  describe.each(DRIVERS)("driver %s", (driver) => {
    const figure = expected[DRIVERS.indexOf(driver)];

    test.each(engines)("%s", (_, make) => {
      if (figure === null) {
        expect(() => parseScript(scriptOf(name, driver))).toThrow(ScriptError);
        return;
      }
      const { config, steps } = parseScript(scriptOf(name, driver));
      const interpreter = new Interpreter(config, make);
      for (const step of steps) expect(interpreter.perform(step).bug).toBeNull();
      expect(figureOf(interpreter.booted?.guest as WorldGuest)).toBe(figure);
    });

    test("the page's link holds the script", async () => {
      const line = pageLine(name);
      const link = new RegExp(String.raw`\[${driver}\]\([^)]*(#[^)]*)\)`).exec(line)?.[1];
      if (figure === null) expect(link).toBeUndefined();
      else expect((await decodeLink(link ?? ""))?.script).toBe(scriptOf(name, driver));
    });
  });
});

/** Returns the line of the page that has a script's links. */
function pageLine(name: string): string {
  const line = readFileSync(root("DRIVERS.md"), "utf8")
    .split("\n")
    .find((each) => each.includes(`[examples/drivers/${name}.ops]`));
  return line ?? expect.unreachable(`DRIVERS.md does not show ${name}`);
}
