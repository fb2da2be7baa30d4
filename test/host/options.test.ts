/** The tables: what is written from them is up to date, and every engine knows what they have. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { BalloonExports } from "../../src/engine/exports.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { instantiateGuest } from "../../src/engine/modules.js";
import { namedExports } from "../../src/engine/named-exports.js";
import { recordOf, writeRecord } from "../../src/engine/options.js";
import type { MachineBackend } from "../../src/host/backend.js";
import { completeGuestConfig } from "../../src/host/config.js";
import { namesFor, type OfGeneration } from "../../src/host/generation.js";
import { complete } from "../../src/host/options/complete.js";
import { GUEST_OPTIONS } from "../../src/host/options/guest-options.js";
import type { IntegerOption, Table } from "../../src/host/options/option.js";
import type { GuestConfig } from "../../src/host/options/types.js";
import { statNames } from "../../src/host/stats.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { CONFIG_KEYS } from "../../src/scenario/config-lines.js";
import { driver2013, idleKernel } from "../support/driver-2013.js";
import { debug, noImports, release } from "../support/engines.js";
import { faultTypes } from "../support/generate/fault-types.js";
import { optionPage } from "../support/generate/option-page.js";
import { optionTypes } from "../support/generate/option-types.js";
import { statTypes } from "../support/generate/stat-types.js";

const root = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));
describe("written from the tables", () => {
  test("the types of options", async () => {
    await expect(optionTypes()).toMatchFileSnapshot(root("src/host/options/types.ts"));
  });

  test("the types of faults", async () => {
    await expect(faultTypes()).toMatchFileSnapshot(root("src/host/fault-types.ts"));
  });

  test("the types of stats", async () => {
    await expect(statTypes()).toMatchFileSnapshot(root("src/host/stats-types.ts"));
  });

  test("the page of options", async () => {
    await expect(optionPage()).toMatchFileSnapshot(root("OPTIONS.md"));
  });
});

/** The table with an option that nobody has heard of. */
interface Extended extends GuestConfig {
  readonly unheardOfPages: number;
}
const unheardOfPages: IntegerOption<Extended> = {
  form: "integer",
  key: "unheard_of",
  group: "Driver",
  sentence: "Pages nobody has heard of.",
  unit: "pages",
  from: 0,
  to: 100,
  default: { says: "half of `maxPfn`", of: ({ maxPfn }) => maxPfn / 2 },
};
const EXTENDED: Table<Extended> = { ...GUEST_OPTIONS, unheardOfPages };

test("a table with an option more completes and checks it", () => {
  expect(complete<Extended>(EXTENDED, { maxPfn: 50 })).toMatchObject({ maxPfn: 50, nrPages: 50, unheardOfPages: 25 });
  expect(() => complete<Extended>(EXTENDED, { maxPfn: 50, unheardOfPages: 101 })).toThrow(
    /^unheardOfPages: expected pages from 0 to 100, got 101$/,
  );
});

test("a table lacks none of the options that there are, nor has another: the compiler says so", () => {
  const { scrub: _, ...without } = GUEST_OPTIONS;
  // @ts-expect-error: no scrub
  const lacking: Table<GuestConfig> = without;
  // @ts-expect-error: no option unheardOfPages
  const more: Table<GuestConfig> = { ...without, scrub: GUEST_OPTIONS.scrub, unheardOfPages };
  // @ts-expect-error: scrub is a flag
  const other: Table<GuestConfig> = { ...GUEST_OPTIONS, scrub: GUEST_OPTIONS.cpus };
  expect([lacking, more, other]).toHaveLength(3);
});

test("no two options have the same key in scripts", () => {
  const keys = CONFIG_KEYS.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

/** The options that an engine never asks for from the making of a guest to its init, and then to its end. */
function notRead(machine: MachineBackend, table: object, config: GuestConfig): string[] {
  const left = new Set(namesFor(config.driver, table as Readonly<Record<string, OfGeneration>>));
  const watched = new Proxy(
    { ...config },
    {
      get(target, name, receiver) {
        left.delete(String(name));
        return Reflect.get(target, name, receiver);
      },
    },
  );
  const guest = machine.createGuest(watched, idleKernel);
  expect(guest.init()).toBe(0);
  guest.setTarget(10);
  driver2013(guest).runWorker(Number.POSITIVE_INFINITY);
  guest.destroy();
  return [...left];
}

describe.each<[string, () => MachineBackend]>([
  ["the engine", () => new WasmMachine(release, 100, 0)],
  ["the engine's debug build", () => new WasmMachine(debug, 100, 0)],
  ["the reference", () => new ReferenceMachine(100, 0)],
])("%s", (name, machine) => {
  test("uses every option", () => {
    expect(notRead(machine(), GUEST_OPTIONS, completeGuestConfig({ maxPfn: 100 })), `${name} does not know`).toEqual(
      [],
    );
  });

  test("does not know an option that is only in the table", () => {
    const config = complete<Extended>(EXTENDED, { maxPfn: 100 });
    expect(notRead(machine(), EXTENDED, config)).toEqual(["unheardOfPages"]);
  });
});

describe.each([
  ["release", release],
  ["debug", debug],
] as const)("the record of a guest's module, %s build", (_, modules) => {
  describe.each([
    ["2013", modules.balloon],
    ["modern", modules.balloonModern as WebAssembly.Module],
  ] as const)("driver %s", (driver, module) => {
    const record = recordOf(completeGuestConfig({ maxPfn: 100, driver }));
    const fresh = (): BalloonExports => instantiateGuest(module, noImports);

    test("has a field for every option that crosses", () => {
      writeRecord(fresh(), record);
    });

    test("has none for another, and says so", () => {
      expect(() => writeRecord(fresh(), { ...record, unheardOfPages: 1 })).toThrow(
        /^the guest's module does not know the option unheardOfPages$/,
      );
    });

    test.each(Object.keys(record))("has none that the host does not set: %s", (name) => {
      const { [name as "maxPfn"]: __, ...others } = record;
      expect(() => writeRecord(fresh(), others)).toThrow(
        `the guest's module has the option ${name}, which the host does not know`,
      );
    });
  });
});

test.each([
  ["release", release],
  ["debug", debug],
] as const)("every field of balloon_stats is found by its name, %s build", (_, modules) => {
  const exports: BalloonExports = instantiateGuest(modules.balloon, noImports);
  const names = statNames("2013");
  const places = namedExports(exports, "stat_", "stat", names);
  expect(new Set(places.values()).size).toBe(names.length);
  expect(() => namedExports(exports, "stat_", "stat", [...names, "lent_pages"])).toThrow(
    /^the guest's module does not know the stat lent_pages$/,
  );
  expect(() => namedExports(exports, "stat_", "stat", names.slice(1))).toThrow(
    /^the guest's module has the stat current_pages, which the host does not know$/,
  );
});
