/** The boundary: what the Wasm modules export and import, how far their memory reaches, and how they are built. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { BalloonExports } from "../../src/engine/exports.js";
import { driverFigures } from "../../src/engine/figures.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { type EngineModules, instantiateGuest, instantiateXen } from "../../src/engine/modules.js";
import { recordOf } from "../../src/engine/options.js";
import type { MachineFactory } from "../../src/host/backend.js";
import { type GuestBackend, INVALID_ENTRY, type MachineBackend } from "../../src/host/backend.js";
import { completeGuestConfig, type GuestOptions } from "../../src/host/config.js";
import type { Generation } from "../../src/host/generation.js";
import { statNames } from "../../src/host/stats.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { type Member, membersOf, modulesOf } from "../support/declarations.js";
import { driver2013, idleKernel } from "../support/driver-2013.js";
import { debug, noImports, release } from "../support/engines.js";

const GIB = 2 ** 30;
const root = fileURLToPath(new URL("../..", import.meta.url));

const builds = [
  ["release", release],
  ["debug", debug],
] as const;

/** The imports of the modern driver alone. */
const MODERN_IMPORTS = [
  "kernel.wake_thread",
  "kernel.wake_callers",
  "hypervisor.current_reservation",
  "hypervisor.populate_batches",
  "hypervisor.decrease_part",
];

function moduleOf(modules: EngineModules, driver: Generation): WebAssembly.Module {
  return driver === "2013" ? modules.balloon : (modules.balloonModern as WebAssembly.Module);
}

/** A guest's module that is looked at and never run. */
function guestModule(modules: EngineModules, driver: Generation): BalloonExports {
  return instantiateGuest(moduleOf(modules, driver), noImports);
}

function boot(machine: MachineBackend, options: GuestOptions): GuestBackend {
  const guest = machine.createGuest(completeGuestConfig(options), idleKernel);
  expect(guest.init()).toBe(0);
  return guest;
}

/** To its target, in one go. */
function balloonTo(guest: GuestBackend, pages: number): void {
  guest.setTarget(pages);
  expect(driver2013(guest).runWorker(Number.POSITIVE_INFINITY)).toBe("done");
}

function p2mOf(guest: GuestBackend, pfn: number, pages: number): number[] {
  const entries = new Uint32Array(pages);
  guest.readP2m(pfn, entries);
  return [...entries];
}

function listOf(guest: GuestBackend): number[] {
  const pfns: number[] = [];
  for (const piece of guest.balloonedPages()) pfns.push(...piece);
  return pfns;
}

/** Lists that are long: the first difference is told, not all of them. */
function expectSame(seen: readonly unknown[], expected: readonly unknown[]): void {
  for (const [i, each] of seen.entries()) expect(each, `observation ${i}`).toEqual(expected[i]);
  expect(seen).toHaveLength(expected.length);
}

describe.each(builds)("%s build", (name, modules) => {
  /** Wasm functions are seen from JavaScript as functions with a length. */
  function lengthsOf(exports: object): Map<string, number | null> {
    return new Map(
      Object.entries(exports).map(([member, value]) => [member, typeof value === "function" ? value.length : null]),
    );
  }

  function declaredLengths(members: readonly Member[]): Map<string, number | null> {
    return new Map(
      members
        .filter(({ optional }) => name === "debug" || !optional)
        .map((member) => [member.name, member.parameters] as const),
    );
  }

  const sorted = (map: Map<string, unknown>): [string, unknown][] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

  const importsOf = (module: WebAssembly.Module): string[] =>
    WebAssembly.Module.imports(module)
      .map((each) => `${each.kind} ${each.module}.${each.name}`)
      .sort();

  const abort = name === "debug" ? ["function env.abort"] : [];

  test.each([
    ["2013", "Driver2013Exports"],
    ["modern", "ModernExports"],
  ] as const)("the module of driver %s exports what is declared, with as many parameters", (driver, own) => {
    const exports = lengthsOf(guestModule(modules, driver));
    const config = completeGuestConfig({ maxPfn: 0, driver });
    const declared = declaredLengths([...membersOf("BalloonExports"), ...membersOf(own)]);
    for (const name of Object.keys(recordOf(config))) declared.set(`option_${name}`, null);
    for (const name of statNames(driver)) declared.set(`stat_${name}`, null);
    for (const figure of driverFigures(driver)) declared.set(`state_${figure}`, 0);
    expect(sorted(exports)).toEqual(sorted(declared));
  });

  test("xen.wasm exports what XenExports declares, with as many parameters", () => {
    const exports = lengthsOf(instantiateXen(modules));
    expect(sorted(exports)).toEqual(sorted(declaredLengths(membersOf("XenExports"))));
  });

  test("validate alone is left to the debug build", () => {
    for (const declared of ["BalloonExports", "XenExports"]) {
      const optional = membersOf(declared).filter((member) => member.optional);
      expect(optional.map((member) => member.name)).toEqual(["validate"]);
    }
  });

  test("the guests' modules import what BalloonImports declares", () => {
    const declared = [...modulesOf("BalloonImports")].flatMap(([module, members]) =>
      members.map((member) => `function ${module}.${member.name}`),
    );
    const own = {
      "2013": ["kernel.schedule_delayed_work", "hypervisor.decrease_run"],
      modern: MODERN_IMPORTS,
    } as const;
    for (const [driver, others] of [
      ["2013", own.modern],
      ["modern", own["2013"]],
    ] as const) {
      const expected = declared.filter((name) => !others.some((other) => name === `function ${other}`));
      expect(importsOf(moduleOf(modules, driver)), driver).toEqual([...expected, ...abort].sort());
    }
  });

  test("xen.wasm imports nothing", () => expect(importsOf(modules.xen)).toEqual(abort));
});

describe.each(builds)("%s build: memory that grows", (_, modules) => {
  /** Reads the observable state of some guests and their machine after all operations. */
  function story(makeMachine: MachineFactory): { seen: unknown[]; memoryBytes: number[] } {
    const pages = 20_000;
    const options = { maxPfn: pages, reservedPages: 50, frameListCapacity: 64 };
    const machine = makeMachine(5 * pages, 7);
    const seen: unknown[] = [];
    const memoryBytes = [machine.memoryBytes()];
    const guests: GuestBackend[] = [];
    const look = (): void => {
      seen.push(machine.freeFrames());
      for (const guest of guests) seen.push(guest.stats(), guest.state(), listOf(guest), p2mOf(guest, 0, pages));
    };
    for (const domain of ["hvm", "pv", "hvm", "hvm"] as const) {
      // whoever is there already has begun to inflate, and goes on in the grown memory
      for (const guest of guests) {
        guest.setTarget(pages / 2);
        expect(driver2013(guest).runWorker(3)).toBe("yielded");
      }
      guests.push(boot(machine, { ...options, domain }));
      memoryBytes.push(machine.memoryBytes());
      for (const guest of guests.slice(0, -1))
        expect(driver2013(guest).runWorker(Number.POSITIVE_INFINITY)).toBe("done");
      look();
      for (const guest of guests.slice(0, -1)) balloonTo(guest, pages - 1000);
      look();
    }
    const m2p = new Uint32Array(machine.hostPages);
    machine.readM2p(0, m2p);
    seen.push([...m2p]);
    return { seen, memoryBytes };
  }

  test("guests that were there before inflate and deflate as if it had not", () => {
    const { seen, memoryBytes } = story((hostPages, mfnBase) => new WasmMachine(modules, hostPages, mfnBase));
    const [empty, oneHvm, hvmAndPv, twoHvm, threeHvm] = memoryBytes;
    expect(oneHvm).toBeGreaterThan(empty);
    expect(hvmAndPv, "no physmap").toBe(oneHvm);
    expect(twoHvm).toBeGreaterThan(hvmAndPv);
    expect(threeHvm).toBeGreaterThan(twoHvm);
    const reference = story((hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase));
    expectSame(seen, reference.seen);
  });

  test("entries of a physmap that are written out take the room of those that are not any more", () => {
    const machine = new WasmMachine(modules, 100_000, 0);
    // each is larger than the one before it, so that it gets a physmap of its own
    const bytes = [20_000, 21_000, 22_000].map((pages) => {
      const guest = boot(machine, { domain: "hvm", maxPfn: pages, reservedPages: 0 });
      const taken = new Uint32Array(pages);
      const count = guest.takePages(taken, true);
      guest.freePages(taken.subarray(0, count).filter((pfn) => pfn % 2 === 0));
      balloonTo(guest, pages / 2 + 100);
      const saved = machine.save().bytes;
      guest.destroy();
      return saved;
    });
    expect(bytes[0], "an entry for each page").toBeGreaterThan(4 * 20_000);
    expect(bytes[2], "rows alone, and an entry for each page more").toBeLessThan(bytes[0] + 2 * 4 * 2000);
  });
});

describe("addresses above 2 GiB", () => {
  const LOW_PAGES = 3000;
  const HIGH_PAGES = 5000;
  const HOST_PAGES = 20_000;
  const MOST_FRAMES = 2 ** 32 - 1;

  /**
   * A guest with memory at both ends and a hole between them inflates, deflates and lends. Told is what can be seen, with
   * PFNs above the hole counted on from its start and frames from the first that was free.
   */
  function story(machine: MachineBackend, options: GuestOptions, holeEnd: number): unknown[] {
    const maxPfn = holeEnd + HIGH_PAGES;
    const holes = [{ start: LOW_PAGES, pages: holeEnd - LOW_PAGES }];
    const guest = boot(machine, { ...options, maxPfn, holes, nrPages: LOW_PAGES + HIGH_PAGES, reservedPages: 10 });
    const bootPages = guest.stats().current_pages;
    const firstMfn = machine.hostPages - HOST_PAGES;
    const nearPfn = (pfn: number): number =>
      pfn < LOW_PAGES || pfn === INVALID_ENTRY ? pfn : pfn - holeEnd + LOW_PAGES;
    const nearMfn = (mfn: number): number => (mfn === INVALID_ENTRY ? mfn : mfn - firstMfn);
    const seen: unknown[] = [];
    const target = (below: number): void => {
      balloonTo(guest, bootPages - below);
      const { current_pages, target_pages, ...stats } = guest.stats();
      const { maxPfn: end, onlineFrom, maxPages, managedPages, ...state } = guest.state();
      expect([current_pages, target_pages]).toEqual([bootPages - below, bootPages - below]);
      expect([end, onlineFrom, maxPages]).toEqual([maxPfn, maxPfn, maxPfn]);
      const m2p = new Uint32Array(HOST_PAGES);
      machine.readM2p(firstMfn, m2p);
      seen.push(stats, state, managedPages, listOf(guest).map(nearPfn), [...m2p].map(nearPfn));
      seen.push(p2mOf(guest, 0, LOW_PAGES).map(nearMfn), p2mOf(guest, holeEnd, HIGH_PAGES).map(nearMfn));
    };
    target(2500);
    target(1000);
    const taken = new Uint32Array(700);
    expect(guest.takePages(taken, true)).toBe(700);
    guest.freePages(taken.filter((_, i) => i % 3 === 0));
    seen.push([...taken].map(nearPfn));
    target(6500);
    const lent = driver2013(guest).allocBallooned(100, true) ?? expect.unreachable("there are pages to lend");
    seen.push([...lent].map(nearPfn));
    driver2013(guest).freeBallooned(lent);
    target(1600);
    return seen;
  }

  const nearHoleEnd = LOW_PAGES + 64;
  const reference = (options: GuestOptions): unknown[] =>
    story(new ReferenceMachine(HOST_PAGES, 0), options, nearHoleEnd);

  /** Computes the bytes before the P2M of a pv guest with `pages` pages and no high memory. */
  function bytesBeforeP2m(pages: number): number {
    return Number(guestModule(release, "2013").bytesFor(pages, pages, 0, 0));
  }

  test.each(builds)("P2M of a pv guest of 2^28 pages, %s build", (_, modules) => {
    const holeEnd = 2 ** 28 - HIGH_PAGES;
    expect(bytesBeforeP2m(2 ** 28) + 4 * holeEnd).toBeGreaterThan(2 * GIB);
    expectSame(story(new WasmMachine(modules, HOST_PAGES, 0), { domain: "pv" }, holeEnd), reference({ domain: "pv" }));
  });

  test.each(builds)("P2M and the list of high memory of a pv guest of nearly 4 GiB, %s build", (_, modules) => {
    const holeEnd = 515_000_000;
    expect(bytesBeforeP2m(holeEnd), "the high list").toBeGreaterThan(2 * GIB);
    // some of the pages above the hole are low
    const far = { domain: "pv", highmemStart: holeEnd + 500 } as const;
    const near = { domain: "pv", highmemStart: nearHoleEnd + 500 } as const;
    expectSame(story(new WasmMachine(modules, HOST_PAGES, 0), far, holeEnd), reference(near));
  });

  test.each(builds)("physmaps of hvm guests of 2^28 pages, %s build", (_, modules) => {
    const machine = new WasmMachine(modules, HOST_PAGES, 0);
    for (let guests = 0; guests < 2; guests++) boot(machine, { domain: "hvm", maxPfn: 1, pfnLimit: 2 ** 28 });
    expect(machine.memoryBytes()).toBeGreaterThan(2 * GIB);
    const twin = new ReferenceMachine(HOST_PAGES, 0);
    for (let guests = 0; guests < 2; guests++) boot(twin, { domain: "hvm", maxPfn: 1 });
    expectSame(story(machine, { domain: "hvm" }, 2 ** 28 - HIGH_PAGES), story(twin, { domain: "hvm" }, nearHoleEnd));
  });

  test.each(builds)(
    "physmaps that would not fit side by side if every block were written out, %s build",
    (_, modules) => {
      const machine = new WasmMachine(modules, HOST_PAGES, 0);
      const twin = new ReferenceMachine(HOST_PAGES, 0);
      for (let guests = 0; guests < 5; guests++) {
        boot(machine, { domain: "hvm", maxPfn: 1, pfnLimit: 2 ** 29 });
        boot(twin, { domain: "hvm", maxPfn: 1 });
      }
      expect(machine.memoryBytes()).toBeLessThan(4 * GIB);
      expectSame(story(machine, { domain: "hvm" }, 2 ** 28 - HIGH_PAGES), story(twin, { domain: "hvm" }, nearHoleEnd));
    },
  );

  test.each(builds)("frames of the largest machine, %s build", (_, modules) => {
    for (const domain of ["pv", "hvm"] as const) {
      const machine = new WasmMachine(modules, MOST_FRAMES, MOST_FRAMES - HOST_PAGES);
      expectSame(story(machine, { domain }, nearHoleEnd), reference({ domain }));
    }
  });
});

describe("what does not fit in 4 GiB", () => {
  /** No address any more: tables end below it. */
  const FOUR_GIB = 2n ** 32n;

  function fitsOf(make: () => unknown, name: string): number {
    try {
      make();
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      const { message } = error as RangeError;
      expect(message).toMatch(new RegExp(`^${name}: .* do not fit in 4 GiB of linear memory; [0-9]+ would$`));
      return Number(message.match(/([0-9]+) would$/)?.[1]);
    }
    return expect.unreachable("expected a RangeError");
  }

  test.each(builds)(
    "rows of physmaps end below 4 GiB, and where they fill the memory there is no other, %s build",
    (_, modules) => {
      const xen = instantiateXen(modules);
      expect(xen.configure(1000, 0)).not.toBe(0);
      // 64 MiB of rows each, and more entries than all of linear memory has room for
      const pages = 2 ** 31;
      let made = 0;
      while (xen.createDomain(0, pages) >= 0) made++;
      expect(made).toBe(63);
      for (let attempt = 1; attempt <= 3; attempt++) {
        expect(xen.createDomain(0, pages), `attempt ${attempt}`).toBeLessThan(0);
      }
      expect(xen.createDomain(0, 100_000), "a small one has room").toBe(made);
    },
  );

  describe.each(builds)(
    "%s build: a guest too large: so many pages would fit, and one more would not",
    (_, modules) => {
      test.each<[string, GuestOptions]>([
        ["pv", { domain: "pv" }],
        ["pv with high memory", { domain: "pv", highmemStart: 1000 }],
        ["pv with contents", { domain: "pv", contents: true }],
        ["hvm", { domain: "hvm" }],
        ["hvm with high memory", { domain: "hvm", highmemStart: 1000 }],
        ["hvm with contents", { domain: "hvm", contents: true }],
      ])("%s", (_, options) => {
        const make = (pfnLimit: number): GuestBackend =>
          boot(new WasmMachine(modules, 10_000, 0), { ...options, maxPfn: 8000, pfnLimit });
        const fits = fitsOf(() => make(2 ** 30), "pfnLimit");
        const balloon = guestModule(modules, "2013");
        const { domain, contents = false, highmemStart = 2 ** 30 } = options;
        const bytesFor = (pages: number): bigint =>
          balloon.bytesFor(pages, highmemStart, domain === "pv" ? 1 : 0, contents ? 1 : 0);
        expect(bytesFor(fits) < FOUR_GIB).toBe(true);
        expect(bytesFor(fits + 1) < FOUR_GIB).toBe(false);
        expect(fitsOf(() => make(fits + 1), "pfnLimit")).toBe(fits);

        const guest = make(fits);
        for (const target of [3000, 6000, 2000, 7000]) {
          balloonTo(guest, target);
          expect(listOf(guest)).toHaveLength(8000 - target);
        }
      });
    },
  );
});

describe("the build", () => {
  const wasmFiles = ["balloon", "balloon-modern", "xen"].flatMap((name) => [`${name}.wasm`, `${name}.debug.wasm`]);
  const digest = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

  test("is the same to the byte each time", { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "xen-balloon-build-"));
    try {
      await promisify(execFile)(process.execPath, [join(root, "scripts/build-wasm.mjs"), folder]);
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(wasmFiles));
      for (const file of readdirSync(folder)) {
        expect(digest(join(folder, file)), file).toBe(digest(join(root, "build", file)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  // to shrink the modern file to the seed's size doubles its time a page where pages are scattered
  test.each([
    ["balloon", 32],
    ["balloon-modern", 37],
  ])("%s.wasm and xen.wasm, which one guest loads, are smaller than %i KiB", (driver, limitKib) => {
    const bytes = [driver, "xen"].map((name) => statSync(join(root, "build", `${name}.wasm`)).size);
    expect(bytes[0] + bytes[1]).toBeLessThan(limitKib * 1024);
  });
});
