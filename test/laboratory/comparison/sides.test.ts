/** The sides of a comparison: in what they differ, and how one is made from the other. */
import { describe, expect, test } from "vitest";
import {
  differences,
  keepDifferences,
  otherGeneration,
  type Side,
  tellDifferences,
  tellSide,
} from "../../../apps/laboratory/comparison/side.js";
import { parseScript } from "../../../src/scenario/script.js";

const side = (config: string, more: Partial<Side> = {}): Side => ({ config, engine: "wasm", build: "", ...more });
const differ = (a: Side, b: Side): string[] => differences({ a, b });

describe("sides differ", () => {
  const plain = side("config max_pfn=64 nr_pages=64");

  test.each<[string, Side, string[]]>([
    ["in nothing", side("config max_pfn=64\nconfig nr_pages=64"), []],
    ["not by a default that is written", side("config scrub=1 max_pfn=64 driver=2013 nr_pages=64 max_pages=64"), []],
    ["in an option", side("config max_pfn=64 nr_pages=64 scrub=0"), ["scrub"]],
    [
      "in the driver, and not in the options that it alone has",
      side("config driver=modern max_pfn=64 nr_pages=64"),
      ["driver"],
    ],
    [
      "in an option of the other driver",
      side("config driver=modern max_pfn=64 nr_pages=64 dom0=1"),
      ["driver", "dom0"],
    ],
    ["not in what follows from an option", side("config max_pfn=128 nr_pages=64"), ["max_pfn"]],
    ["in regions", side("config max_pfn=64 nr_pages=64 hole=1,2 hole=5,1"), ["hole"]],
    ["in the engine", { ...plain, engine: "reference" }, ["engine"]],
    ["in the build", { ...plain, build: "../old.tgz" }, ["build"]],
    ["where one is no configuration", side("config max_pfn=-1 nr_pages=64"), ["max_pfn"]],
  ])("%s", (_, other, keys) => {
    expect(differ(plain, other)).toEqual(keys);
    expect(differ(other, plain)).toEqual(keys);
  });

  test("and a line says so, or that nothing will differ", () => {
    expect(tellDifferences(["driver", "scrub"])).toBe("B differs from A in: driver, scrub");
    expect(tellDifferences([])).toBe("A and B are the same: nothing will differ.");
  });

  test("each side is told with its values, its defaults too", () => {
    const other = side("config max_pfn=64 scrub=0 hole=1,2 hole=5,1", { engine: "reference", build: "../old.tgz" });
    const keys = ["driver", "scrub", "hole", "host_pages", "engine", "build"];
    expect(tellSide(other, keys)).toBe(
      "driver 2013, scrub 0, hole 1,2 and 5,1, host_pages 64, engine reference, build ../old.tgz",
    );
    expect(tellSide(plain, keys)).toBe(
      "driver 2013, scrub 1, hole none, host_pages 64, engine wasm, build of this page",
    );
  });
});

test.each([
  ["config max_pfn=64 hole=1,2", "modern"],
  ["config driver=2013 max_pfn=64 hole=1,2", "modern"],
  ["config driver=modern max_pfn=64 dom0=1 auto_online=1 hole=1,2", "2013"],
])("the other generation of %s has the same options where it knows them", (config, driver) => {
  const { guest } = parseScript(otherGeneration(config)).config;
  expect(guest).toMatchObject({ driver, maxPfn: 64, holes: [{ start: 1, pages: 2 }] });
});

test("beside another A, B differs as before", () => {
  const before = { a: "config max_pfn=64 scrub=1 cpus=2", b: "config max_pfn=64 scrub=0 driver=modern cpus=2" };
  const b = keepDifferences(before, "config domain=hvm\nconfig max_pfn=128 hole=3,4 scrub=1");
  expect(differ(side("config domain=hvm max_pfn=128 hole=3,4 scrub=1"), side(b))).toEqual(["driver", "scrub"]);
});
