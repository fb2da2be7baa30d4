/** Arguments are the caller's: read once, before anything is done, and copied. What reading them throws harms no guest. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { BootOptions, CensusRange, Guest, Machine, Size } from "../../src/api/exports.js";
import { createMachine } from "../../src/index.js";
import { createMachine as createInline, createMachineSync } from "../../src/inline.js";
import { createMachine as createReference } from "../../src/reference.js";
import { createMachine as createInWorker } from "../../src/worker-node.js";
import { type CreateMachine, entries, isAfar, rejection, snapshot, wrong } from "../support/entries.js";
import { LocalThread } from "../support/local-thread.js";

interface World {
  readonly machine: Machine;
  readonly guest: Guest;
}

type Call = (world: World, options: never) => Promise<unknown>;

/** Every method that takes an object, with all its options. */
const CALLS: Readonly<Record<string, readonly [options: object, call: Call]>> = {
  boot: [
    {
      xen: true,
      domain: "pv",
      nrPages: 100,
      releasedPages: 1,
      maxPfn: 100,
      pfnLimit: 200,
      extraRegions: [{ start: 90, pages: 5 }],
      holes: [{ start: 10, pages: 5 }],
      highmemStart: 50,
      reservedPages: 10,
      cpus: 2,
      maxPages: 200,
      mfnSeed: 3,
      frameListCapacity: 64,
      hotplug: true,
      sectionPages: 64,
      scrub: true,
      contents: true,
      watermarkPages: 1,
      watermarkHighPages: 1,
    } satisfies BootOptions,
    ({ machine }, options) => machine.boot(options),
  ],
  "setTarget in pages": [{ pages: 300 }, ({ guest }, target) => guest.setTarget(target)],
  "setTarget in bytes": [{ bytes: 300 * 4096 }, ({ guest }, target) => guest.setTarget(target)],
  settle: [
    { withinMs: 1000, signal: new AbortController().signal, onProgress: () => {} },
    ({ guest }, options) => guest.settle(options),
  ],
  takeBallooned: [{ highmem: true }, ({ guest }, options) => guest.takeBallooned(5, options)],
  takePages: [{ highmem: false }, ({ guest }, options) => guest.takePages(5, options)],
  tune: [{ maxRetryCount: 4, maxScheduleDelaySeconds: 8 }, ({ guest }, tunables) => guest.tune(tunables)],
  online: [{ sections: 1 }, ({ guest }, options) => guest.online(options)],
  inject: [
    {
      populate: { rc: -12, times: 1 },
      partial: { extents: 1, times: 1 },
      decrease: { rc: 0, times: 1 },
      vaMapping: { rc: -1, times: 1 },
      addMemory: { rc: -17, times: 1 },
    },
    ({ guest }, faults) => guest.inject(faults),
  ],
  census: [{ pfn: 0, pages: 100, cellPages: 10 } satisfies CensusRange, ({ guest }, range) => guest.census(range)],
};

/** Told of each read: the option's name, and how often it was read before. */
type OnRead = (name: string, before: number) => void;

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Plain data as it is, but that each property is a getter. */
function watched(value: unknown, onRead: OnRead): unknown {
  if (Array.isArray(value)) return value.map((each) => watched(each, onRead));
  if (!isPlain(value)) return value;
  const copy = {};
  for (const [name, each] of Object.entries(value)) {
    const inner = watched(each, onRead);
    let reads = 0;
    const get = (): unknown => {
      onRead(name, reads++);
      return inner;
    };
    Object.defineProperty(copy, name, { enumerable: true, get });
  }
  return copy;
}

/** The same as a Proxy: asking which options there are is a read, too. */
function proxied(value: unknown, onRead: OnRead): unknown {
  if (!Array.isArray(value) && !isPlain(value)) return value;
  const reads = new Map<PropertyKey, number>();
  return new Proxy(value, {
    ownKeys(target) {
      onRead("(keys)", 0);
      return Reflect.ownKeys(target);
    },
    get(target, name, receiver) {
      const before = reads.get(name) ?? 0;
      reads.set(name, before + 1);
      onRead(String(name), before);
      return proxied(Reflect.get(target, name, receiver), onRead);
    },
  });
}

async function worldOf(createMachine: CreateMachine): Promise<World> {
  const machine = await createMachine({ hostPages: 2000 });
  const guest = await machine.boot({ maxPfn: 512, pfnLimit: 1024, hotplug: true, sectionPages: 64 });
  await guest.setTarget({ pages: 400 });
  await guest.settle();
  await guest.setTarget({ pages: 410 });
  return { machine, guest };
}

describe.each(entries)("%s", (entry, createMachine) => {
  describe.each(Object.entries(CALLS))("%s", (_, [options, call]) => {
    // a structured clone takes no Proxy: what has one is refused before anything is sent
    const ways = { watched, ...(isAfar(entry) ? {} : { proxied }) };

    test.each(Object.entries(ways))(
      "%s options: a getter that throws, at any read, changes nothing",
      async (_, way) => {
        const world = await worldOf(createMachine);
        const { machine, guest } = world;
        const before = await snapshot(machine, guest);
        let reads = 0;
        for (let left = 0; ; left++) {
          const mine = new Error(`read ${left}`);
          reads = 0;
          const refused = await call(
            world,
            wrong(
              way(options, () => {
                if (reads++ === left) throw mine;
              }),
            ),
          ).then(
            () => null,
            (error: unknown) => error,
          );
          // all of them were read, and none threw
          if (reads <= left) break;
          expect(refused).toBe(mine);
          expect(await snapshot(machine, guest)).toEqual(before);
        }
        expect(reads).toBeGreaterThanOrEqual(Object.keys(options).length);
        await guest.stats();
      },
    );

    test.each(Object.entries(ways))("%s options: each is read once", async (_, way) => {
      const again: string[] = [];
      await call(await worldOf(createMachine), wrong(way(options, (name, before) => before > 0 && again.push(name))));
      expect(again).toEqual([]);
    });
  });

  test("PFNs are those of the call, whatever the caller writes there while it waits", async () => {
    const { machine, guest } = await worldOf(createMachine);
    const lent = await guest.takeBallooned(10);
    const pfns = lent.slice();
    const given = guest.giveBallooned(pfns);
    pfns.fill(0);
    await given;
    await expect(guest.giveBallooned(lent)).rejects.toThrow(RangeError);
    expect(await machine.freeFrames()).toBeGreaterThan(0);
  });

  test("PFNs that throw when they are looked at end no guest", async () => {
    const { machine, guest } = await worldOf(createMachine);
    const [lent, taken] = [await guest.takeBallooned(4), await guest.takePages(4)];
    const before = await snapshot(machine, guest);
    const mine = new Error("mine");
    const throwing = (pfns: Uint32Array): Uint32Array =>
      new Proxy(pfns, {
        get() {
          throw mine;
        },
      });
    expect(await rejection(guest.giveBallooned(throwing(lent)))).toBe(mine);
    expect(await rejection(guest.givePages(throwing(taken)))).toBe(mine);
    expect(await snapshot(machine, guest)).toEqual(before);
  });

  test("an AbortSignal that cannot be listened to is refused before anything moves", async () => {
    const { machine, guest } = await worldOf(createMachine);
    const before = await snapshot(machine, guest);
    const mine = new Error("mine");
    const { signal } = new AbortController();
    signal.addEventListener = () => {
      throw mine;
    };
    expect(await rejection(guest.settle({ signal }))).toBe(mine);
    expect(await snapshot(machine, guest)).toEqual(before);
  });
});

describe("createMachine", () => {
  const file = (name: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(readFileSync(new URL(`../../build/${name}.wasm`, import.meta.url)));
  const plain = { hostPages: 100, mfnBase: 10, clock: "virtual" };
  const wasm = { balloon: new WebAssembly.Module(file("balloon")), xen: new WebAssembly.Module(file("xen")) };
  const creates: [string, (options: never) => Promise<unknown>, object][] = [
    ["xen-balloon", createMachine, { ...plain, wasm }],
    ["xen-balloon/inline", createInline, { ...plain, wasm }],
    ["xen-balloon/inline, at once", async (options) => createMachineSync(options), plain],
    ["xen-balloon/reference", createReference, plain],
    ["xen-balloon/worker", createInWorker, { ...plain, wasm, worker: new LocalThread() }],
  ];

  test.each(creates)(
    "%s: what a getter throws is thrown on, and each option is read once",
    async (_, create, options) => {
      let reads = 0;
      for (let left = 0; ; left++) {
        const mine = new Error(`read ${left}`);
        reads = 0;
        const onRead = (_: string, before: number): void => {
          expect(before).toBe(0);
          if (reads++ === left) throw mine;
        };
        const made = create(wrong(watched(options, onRead)));
        const error = await made.then(
          () => null,
          (error: unknown) => error,
        );
        if (reads <= left) break;
        expect(error).toBe(mine);
      }
      expect(reads).toBeGreaterThanOrEqual(Object.keys(options).length);
    },
  );
});

test("a size is pages or bytes, for TypeScript as for the run time", () => {
  const sizes: Size[] = [{ pages: 1 }, { bytes: 4096 }];
  // @ts-expect-error both
  sizes.push({ pages: 1, bytes: 2 });
  // @ts-expect-error neither
  sizes.push({});
  // @ts-expect-error another unit
  sizes.push({ kib: 4 });
  expect(sizes).toHaveLength(5);
});
