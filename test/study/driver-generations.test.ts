/** The ready-made study driver-generations: what it finds on either engine, and that its reading says the same. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EngineName } from "../../apps/engine-names.js";
import { runExact } from "../../apps/study/exact.js";
import { loadStudy } from "../../apps/study/load.js";
import type { ExactMeasures } from "../../apps/study/results.js";

const folder = new URL("../../studies/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const unused = (): never => expect.unreachable("the study names scripts alone");

const { study, cases, jobOf, warnings, doubts } = loadStudy(
  read("driver-generations.yaml"),
  { name: "driver-generations" },
  { readScript: read, readDemand: unused, buildFolderOf: unused, pathOf: (name) => name },
);

const MIB = 256;
const NONE = {
  pagesOut: 0,
  pagesIn: 0,
  memoryOps: 0,
  retries: 0,
  waitedSeconds: 0,
  outMissedPages: 0,
  inMissedPages: 0,
};
type Found = Partial<ExactMeasures>;

/** The findings of each scene with the driver of 2013, and with the modern one. */
const FOUND: Readonly<Record<string, readonly [Found, Found]>> = {
  "full host (15 min)": [
    { ...NONE, pagesOut: 128 * MIB, pagesIn: 128 * MIB, memoryOps: 164, retries: 35, waitedSeconds: 630 },
    { ...NONE, pagesOut: 128 * MIB, memoryOps: 68, retries: 3, waitedSeconds: 14, inMissedPages: 128 * MIB },
  ],
  "full host (120 min)": [
    { ...NONE, pagesOut: 128 * MIB, pagesIn: 128 * MIB, memoryOps: 164, retries: 35, waitedSeconds: 630 },
    { ...NONE, pagesOut: 128 * MIB, pagesIn: 128 * MIB, memoryOps: 132, retries: 3, waitedSeconds: 3614 },
  ],
  "short of memory": [
    { ...NONE, pagesOut: 192 * MIB, memoryOps: 118, retries: 22, waitedSeconds: 606 },
    { ...NONE, pagesOut: 124 * MIB, memoryOps: 65, retries: 3, waitedSeconds: 14, outMissedPages: 68 * MIB },
  ],
  "changed target": [
    { ...NONE, pagesOut: 128 * MIB, pagesIn: 112 * MIB, memoryOps: 124, retries: 4, waitedSeconds: 30 },
    { ...NONE, pagesOut: 128 * MIB, pagesIn: 112 * MIB, memoryOps: 124, retries: 3, waitedSeconds: 20 },
  ],
  // the scratch page is one that the guest cannot give
  "refused loan": [{ ...NONE, pagesOut: 60 * MIB - 1, pagesIn: 60 * MIB - 1, memoryOps: 60 }, NONE],
  "extra region": [
    { ...NONE, currentPages: 256 * MIB },
    { ...NONE, pagesIn: 64 * MIB, memoryOps: 32, currentPages: 256 * MIB },
  ],
};

test("has nothing to warn of, and a case for each scene and driver", () => {
  expect([warnings, doubts]).toEqual([[], []]);
  expect(cases.map(({ levels }) => `${levels.scene} ${levels.driver}`)).toEqual(
    Object.keys(FOUND).flatMap((scene) => ["2013", "modern"].map((driver) => `${scene} ${driver}`)),
  );
});

describe.each(["wasm", "reference"] satisfies EngineName[])("on engine %s", (engine) => {
  test.each(cases)("$levels.scene with driver $levels.driver", async (one) => {
    const { settings, ...job } = jobOf(one);
    const measures = await runExact({ ...job, settings: { ...settings, engine } });
    expect(measures).toMatchObject(FOUND[one.levels.scene][one.levels.driver === "modern" ? 1 : 0]);
  });
});

test("has a paragraph of reading for each scene, which names it", () => {
  const scenes = Object.keys(FOUND).map((scene) => scene.replace(/ \(.*/, ""));
  const named = (study.reading ?? []).map((text) => text.split(".")[0].toLowerCase());
  expect(named).toEqual([...new Set(scenes)]);
});
