/** The public face of a host. */
import { expect, test } from "vitest";
import { type CreateHostOptions, createHost, keep, sleep } from "../../src/toolstack.js";
import { release } from "../support/engines.js";

const GIB = 2 ** 20;

function options(more: Partial<CreateHostOptions> = {}): CreateHostOptions {
  const web = {
    name: "web",
    type: "pv",
    driver: "2013",
    memoryKib: GIB,
    minimumKib: GIB / 2,
    maximumKib: 2 * GIB,
    demand: [{ timeMs: 0, usedKib: 600_000 }],
  } as const;
  return { wasm: release, totalKib: 4 * GIB, policy: keep(), guests: [web], spanMs: 3_600_000, ...more };
}

test("runs to the end of its span, in steps or at once", async () => {
  const host = createHost(options());
  expect(host.domains).toMatchObject([{ domid: 1, type: "pv", totKib: GIB }]);
  await host.advance(1000);
  expect(host.nowMs).toBe(1000);
  await host.run();
  await host.run();
  expect(host.nowMs).toBe(3_600_000);
  expect(host.outcome()).toMatchObject({ policy: "keep", spanMs: 3_600_000, pagesMoved: 0, policyFailure: null });
  host.close();
});

test("tells what happens, with its time", async () => {
  const told: unknown[] = [];
  const guests = [
    ...options().guests,
    { ...options().guests[0], name: "big", memoryKib: 2 * GIB, startMs: 1000, stopMs: 2000 },
    { ...options().guests[0], name: "late", memoryKib: 2 * GIB, startMs: 1500 },
  ];
  const policy = {
    name: "shouts",
    *run(xen: Parameters<ReturnType<typeof keep>["run"]>[0]) {
      yield* sleep(500);
      xen.log("up we go");
      xen.store.write(1, "memory/target", "786432");
      yield* keep().run(xen);
    },
  };
  const host = createHost(options({ policy, guests }));
  for (const name of ["started", "refused", "stopped", "target", "log"] as const) {
    host.on(name, (event) => told.push([name, event]));
  }
  await host.advance(3000);
  expect(told).toMatchObject([
    ["log", { nowMs: 500, line: "up we go" }],
    ["target", { nowMs: 500, name: "web", domid: 1, kib: 786_432 }],
    ["started", { nowMs: 1000, name: "big", domid: 2, memoryKib: 2 * GIB }],
    ["refused", { nowMs: 1500, name: "late", reason: "host-empty" }],
    ["stopped", { nowMs: 2000, name: "big", problem: null }],
  ]);
  host.close();
});

test.each(["2013", "modern"] as const)(
  "has the attributes of its guests in sysfs, with the driver %s",
  async (driver) => {
    const host = createHost(options({ guests: [{ ...options().guests[0], type: "pvh", driver }], policy: keep() }));
    const files = host.sysfs("web");
    expect(files["info/current_kb"].read()).toBe("1048576\n");
    expect(files.target_kb.write?.("786432\n")).toBe(null);
    expect(files.max_schedule_delay.write?.("64\n")).toBe(null);
    expect(files.scrub_pages?.write?.("0")).toBe(driver === "modern" ? null : undefined);
    expect([files.target.read(), files.max_schedule_delay.read()]).toEqual([`${786_432 * 1024}\n`, "64\n"]);
    expect(files.scrub_pages?.read()).toBe(driver === "modern" ? "0\n" : undefined);
    await host.advance(10_000);
    expect(files["info/current_kb"].read()).toBe("786432\n");
    expect(() => host.sysfs("wob")).toThrow("name: expected a guest that runs: web, got wob");
    host.close();
  },
);

test("ends a call by its signal, and goes on with the next", async () => {
  const host = createHost(options());
  await expect(host.run(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  expect(host.nowMs).toBe(0);
  await host.run();
  expect(host.nowMs).toBe(3_600_000);
  host.close();
});

test.each([
  ["guests that do not fit", { totalKib: GIB / 2 }, "totalKib: expected guests that fit into 524288 KiB at the start"],
  [
    "one name twice",
    { guests: [options().guests[0], options().guests[0]] },
    "guests: expected each name once, got web twice",
  ],
  [
    "a minimum above its memory",
    { guests: [{ ...options().guests[0], minimumKib: 2 * GIB }] },
    "guests.web.minimumKib: expected memoryKib (1048576 KiB) or less, got 2097152 KiB",
  ],
  [
    "a host without modules",
    { wasm: undefined },
    "wasm: expected the modules that loadModules compiles, got undefined",
  ],
  ["a host with no modules", { wasm: null }, "wasm: expected the modules that loadModules compiles, got null"],
  [
    "a driver that may be there",
    { guests: [{ ...options().guests[0], balloons: "no" }] },
    'guests.web.balloons: expected true or false, got "no"',
  ],
  [
    "half a CPU",
    { guests: [{ ...options().guests[0], vcpus: 0.5 }] },
    "guests.web.vcpus: expected a whole number, 1 or more, got 0.5",
  ],
  ["an option that is none", { sapnMs: 1 }, "options: expected options named totalKib, policy, guests"],
  [
    "a policy that was not made",
    { policy: keep },
    "policy: expected an object with a name and a method run, got function",
  ],
  ["a speed that is none", { usPerPage: Number.NaN }, "usPerPage: expected a number, 0 or more, got NaN"],
  ["a span of no time", { spanMs: 0 }, "spanMs: expected a number, 1 or more, got 0"],
  ["a shortage in other words", { pressure: "kills" }, "pressure: expected an object"],
  ["an unknown shortage", { pressure: { shortage: "kill" } }, "pressure.shortage: expected one of waits, swaps, kills"],
  [
    "a kill that frees nothing",
    { pressure: { shortage: "kills", killShare: 0 } },
    "pressure.killShare: expected a number, 0.001 to 1, got 0",
  ],
  [
    "a type that Xen does not know",
    { guests: [{ ...options().guests[0], type: "xyz" }] },
    "guests.web.type: expected one of pv, hvm, pvh, pv-in-pvh, got xyz",
  ],
  [
    "a stop before the start",
    { guests: [{ ...options().guests[0], startMs: 5, stopMs: 5 }] },
    "guests.web.stopMs: expected a time after startMs (5 ms), got 5 ms",
  ],
  [
    "a demand that begins late",
    { guests: [{ ...options().guests[0], demand: [{ timeMs: 1, usedKib: 1 }] }] },
    "guests.web.demand: expected a first point at 0 ms or before, got one at 1 ms",
  ],
  [
    "a demand that goes back in time",
    { guests: [{ ...options().guests[0], demand: [0, 5, 4].map((timeMs) => ({ timeMs, usedKib: 1 })) }] },
    "guests.web.demand[2].timeMs: expected a time after 5 ms, got 4 ms",
  ],
])("refuses %s", (_, wrong, words) => {
  expect(() => createHost(options(wrong as Partial<CreateHostOptions>))).toThrow(words);
});

test("refuses an event that is none, and what is no listener", () => {
  const host = createHost(options());
  expect(() => host.on("stoped" as never, () => {})).toThrow("expected an event named started, refused, stopped");
  expect(() => host.on("log", 7 as never)).toThrow("listener: expected a function");
  host.close();
});
