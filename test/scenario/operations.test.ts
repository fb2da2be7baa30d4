/** The table of operations, and what derives from it. */
import { describe, expect, test } from "vitest";
import { namesFor } from "../../src/host/generation.js";
import { GUEST_OPTIONS } from "../../src/host/options/guest-options.js";
import { CONFIG_KEYS } from "../../src/scenario/config-lines.js";
import { scriptHelp } from "../../src/scenario/help.js";
import { OPERATIONS, type OperationEntry, parseOperation } from "../../src/scenario/operation.js";

describe.each(Object.entries(OPERATIONS))("%s", (name, { example, does, generation }: OperationEntry) => {
  test("its example does it", () => {
    expect(parseOperation(1, example.split(" "), generation ?? "2013").op).toBe(name);
  });

  test("the help has it", () => {
    const at = scriptHelp().findIndex((line) => line === `  ${name}` || line.startsWith(`  ${name} `));
    expect(scriptHelp()[at + 1]).toContain(does);
  });
});

test("the help has every config key with its range and default", () => {
  const help = scriptHelp();
  for (const { key } of CONFIG_KEYS) expect(help.some((line) => line.startsWith(`  ${key}=`))).toBe(true);
  const at = help.indexOf("  pfn_limit=VALUE");
  expect(help[at + 1]).toBe("      How far hotplug may raise the end of memory; no less than max_pfn.");
  expect(help[at + 2]).toBe("      Pages, 0 to 2^30; default: max_pfn");
  expect(help[help.indexOf("  nr_pages=VALUE") + 2]).toMatch(/default: 0$/);
  expect(help[help.indexOf("  scrub=VALUE") + 2]).toBe("      either 0 or 1; default: 1");
  expect(help[help.indexOf("  scrub=VALUE") + 1]).toContain(GUEST_OPTIONS.scrub.sentence);
});

test("an operation that there is not: those that there are", () => {
  expect(() => parseOperation(3, ["fly", "3"], "2013")).toThrow(
    `line 3: no operation "fly"; there are ${namesFor("2013", OPERATIONS).join(", ")}`,
  );
});
