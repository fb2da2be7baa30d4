/** The modern driver: its thread, callers that wait, the late initcall, and what belongs to one generation alone. */
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  BalloonBug,
  BalloonError,
  type BootOptions,
  type Guest,
  type GuestEvents,
  INVALID_ENTRY,
  type Machine,
} from "../../src/api/exports.js";
import { type CreateMachine, entries, isAfar, rejection, wrong } from "../support/entries.js";

const HOUR_MS = 3_600_000;

async function boot(createMachine: CreateMachine, options: Partial<BootOptions> = {}): Promise<World> {
  const machine = await createMachine({ hostPages: 8192 });
  const guest = await machine.boot({ maxPfn: 1024, driver: "modern", ...options });
  return { machine, guest };
}
type World = { machine: Machine; guest: Guest };

/** A guest whose callers wait for hot-added memory. */
async function lender(createMachine: CreateMachine): Promise<World> {
  const world = await boot(createMachine, { pfnLimit: 4096, hotplug: true, sectionPages: 256 });
  await world.guest.tune({ hotplugUnpopulated: true });
  return world;
}

/** How a promise stands once everything that could settle it has run. */
async function standing(promise: Promise<unknown>, guest: Guest): Promise<"pending" | "settled"> {
  let state: "pending" | "settled" = "pending";
  const settled = (): void => {
    state = "settled";
  };
  promise.then(settled, settled);
  await guest.stats();
  return state;
}

describe.each(entries)("%s", (_, createMachine) => {
  test("gives pages up and gets them back; P2M and list are that driver's", async () => {
    const { guest } = await boot(createMachine);
    await guest.setTarget({ pages: 512 });
    expect(await guest.settle()).toEqual({ creditPages: 0, nowMs: 0, workDueMs: HOUR_MS });
    const stats = await guest.stats();
    expect(stats).toMatchObject({ currentPages: 512, totalPages: 1024, targetUnpopulatedPages: 0, maxRetryCount: 4 });
    expect(stats).not.toHaveProperty("hotplugPages");
    expect(await guest.status()).toMatchObject({
      threadState: "done",
      waitingCalls: 0,
      availablePages: 511,
      offlinePages: 512,
    });
    // the page taken first is at the head
    expect([...(await guest.balloonedPages(2))]).toEqual([0, 1]);
    expect([...(await guest.p2m(511, 2))]).toEqual([INVALID_ENTRY, 512]);
    await guest.setTarget({ pages: 1024 });
    await guest.settle();
    expect(await guest.stats()).toMatchObject({ currentPages: 1024, balloonLowPages: 0 });
  });

  test("the thread tells its states: it tries again, gives up, and looks again an hour later", async () => {
    const { guest } = await boot(createMachine, { totalReservePages: 100 });
    const states: GuestEvents["thread"][] = [];
    const cancelled: number[] = [];
    guest.on("thread", (event) => states.push(event));
    guest.on("cancelled", ({ nowMs }) => cancelled.push(nowMs));
    await guest.setTarget({ pages: 50 });
    expect(await guest.settle()).toEqual({ creditPages: -50, nowMs: 14_000, workDueMs: 14_000 + HOUR_MS });
    expect(states).toEqual([
      { nowMs: 0, state: "eagain", dueMs: 2000 },
      { nowMs: 2000, state: "eagain", dueMs: 6000 },
      { nowMs: 6000, state: "eagain", dueMs: 14_000 },
      { nowMs: 14_000, state: "ecanceled", dueMs: 14_000 + HOUR_MS },
    ]);
    expect(cancelled).toEqual([14_000]);
    expect(await guest.status()).toMatchObject({ threadState: "ecanceled" });
    // a new target ends the wait at once
    await guest.setTarget({ pages: 200 });
    expect(await guest.settle()).toMatchObject({ creditPages: 0 });
    expect(states.at(-1)).toMatchObject({ state: "done" });
  });

  test("a caller waits for added memory until it is online", async () => {
    const { guest } = await lender(createMachine);
    const wanted = guest.takeBallooned(300);
    expect(await standing(wanted, guest)).toBe("pending");
    expect(await guest.status()).toMatchObject({ waitingCalls: 1, maxPfn: 1536 });
    await guest.online({ sections: 1 });
    await guest.settle({ withinMs: 0 });
    expect(await standing(wanted, guest)).toBe("pending");
    await guest.online();
    await guest.settle({ withinMs: 0 });
    const pfns = await wanted;
    expect(pfns).toHaveLength(300);
    expect(await guest.stats()).toMatchObject({ targetUnpopulatedPages: 300, totalPages: 1536 });
    await guest.giveBallooned(pfns);
    expect(await guest.stats()).toMatchObject({ targetUnpopulatedPages: 0, balloonLowPages: 512 });
  });

  test("an abort ends the wait, and gives the pages back", async () => {
    const { guest } = await lender(createMachine);
    const controller = new AbortController();
    const reason = new Error("enough");
    const wanted = guest.takeBallooned(300, { signal: controller.signal });
    const other = guest.takeBallooned(100);
    expect(await standing(wanted, guest)).toBe("pending");
    controller.abort(reason);
    expect(await rejection(wanted)).toBe(reason);
    expect(await guest.stats()).toMatchObject({ targetUnpopulatedPages: 100, balloonLowPages: 0 });
    expect(await standing(other, guest)).toBe("pending");
    await guest.online();
    await guest.settle({ withinMs: 0 });
    expect(await other).toHaveLength(100);
    expect(await rejection(guest.takeBallooned(1, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  test("a caller that waits hears of the guest's end", async () => {
    const { machine, guest } = await lender(createMachine);
    const wanted = rejection(guest.takeBallooned(300));
    await guest.status();
    await guest.inject({ decrease: { rc: -1, times: 1 } });
    await guest.setTarget({ pages: 100 });
    await rejection(guest.settle());
    expect(await wanted).toBeInstanceOf(BalloonBug);
    const again = await machine.boot({
      maxPfn: 1024,
      pfnLimit: 2048,
      hotplug: true,
      driver: "modern",
      sectionPages: 256,
    });
    await again.tune({ hotplugUnpopulated: true });
    const waits = rejection(again.takeBallooned(10));
    await again.status();
    await again.close();
    expect(await waits).toEqual(new Error("the guest is closed"));
  });

  test("lends no more than what the kernel can spare", async () => {
    const { guest } = await boot(createMachine, { totalReservePages: 100 });
    const error = await rejection(guest.takeBallooned(925));
    expect(error).toBeInstanceOf(BalloonError);
    expect(error).toMatchObject({ code: "ENOMEM" });
    expect(await guest.takeBallooned(900)).toHaveLength(900);
  });

  test("the late initcall waits until the guest is down", async () => {
    const { machine, guest } = await boot(createMachine, { domain: "hvm" });
    await guest.setTarget({ pages: 512 });
    await guest.lateInit();
    expect(machine.nowMs).toBe(100);
    expect(await guest.stats()).toMatchObject({ currentPages: 512 });
    expect(guest.kernelLog.slice(-2)).toEqual([
      "xen:balloon: Waiting for initial ballooning down having finished.",
      "xen:balloon: Initial ballooning down finished.",
    ]);
    expect(await rejection(guest.lateInit())).toMatchObject({ code: "EEXIST" });
  });

  test("a guest that does not come down panics, and no other", async () => {
    const { machine, guest } = await boot(createMachine, {
      domain: "hvm",
      totalReservePages: 200,
      bootTimeoutSeconds: 5,
    });
    const other = await machine.boot({ maxPfn: 1024, driver: "modern" });
    const ended: GuestEvents["ended"][] = [];
    guest.on("ended", (event) => ended.push(event));
    await guest.setTarget({ pages: 100 });
    await other.setTarget({ pages: 100 });
    const error = await rejection(guest.lateInit());
    expect(error).toBeInstanceOf(BalloonBug);
    expect(await rejection(guest.stats())).toBe(error);
    expect(ended.map((event) => event.error)).toEqual([error]);
    expect(guest.kernelLog.at(-1)).toBe("xen:balloon: Initial ballooning failed, 100 pages need to be freed.");
    expect(await other.stats()).toMatchObject({ currentPages: 100 });
  });

  test("what belongs to one generation is refused by the other", async () => {
    const machine = await createMachine({ hostPages: 8192 });
    const seed = await machine.boot({ maxPfn: 1024, hotplug: true });
    const modern = await machine.boot({ maxPfn: 1024, driver: "modern" });
    const belongs = "expected driver=modern, to which it belongs, got driver=2013";
    for (const [call, message] of [
      [() => machine.boot({ maxPfn: 1024, dom0: false }), `dom0: ${belongs}`],
      [() => machine.boot({ maxPfn: 1024, bootTimeoutSeconds: 180 }), `bootTimeoutSeconds: ${belongs}`],
      [() => machine.boot({ maxPfn: 1024, driver: wrong("2014") }), 'driver: expected 2013 or modern, got "2014"'],
      [() => seed.tune({ scrub: true }), `scrub: ${belongs}`],
      [() => seed.inject({ resource: { rc: -12, times: 1 } }), `resource: ${belongs}`],
      [() => seed.lateInit(), `lateInit: ${belongs}`],
      [
        () => modern.takeBallooned(1, { highmem: true }),
        "highmem: expected false: the driver `modern` lends low pages alone, got true",
      ],
      [() => modern.takeBallooned(1, { signal: wrong(7) }), "signal: expected an AbortSignal, got number"],
      [
        () => modern.inject({ setP2m: { rc: 0, times: 1 } }),
        `setP2m.rc: expected an error number from ${-(2 ** 31)} to -1, got 0`,
      ],
    ] as const) {
      expect(await rejection(call())).toMatchObject({ message });
    }
    expect(await rejection(modern.tune({ hotplugUnpopulated: true, maxRetryCount: 9 }))).toMatchObject({
      code: "ENOENT",
    });
    expect(await modern.stats()).toMatchObject({ maxRetryCount: 4 });
    expect(await rejection(machine.boot({ maxPfn: 1024, driver: "modern", threadErrno: 11 }))).toMatchObject({
      errno: -11,
    });
    expect(
      await rejection(machine.boot({ maxPfn: 100, driver: "modern", extraRegions: [{ start: 200, pages: 1 }] })),
    ).toMatchObject({
      code: "ERANGE",
    });
    expect(await machine.freeFrames()).toBe(8192 - 2048);
  });
});

describe("on a real clock", () => {
  afterEach(() => void vi.useRealTimers());

  describe.each(entries.filter(([name]) => !isAfar(name)))("%s", (_, createMachine) => {
    test("the thread runs by itself, and retries until it gives up", async () => {
      vi.useFakeTimers();
      const machine = await createMachine({ hostPages: 4096, clock: "real" });
      const guest = await machine.boot({ maxPfn: 1024, driver: "modern", totalReservePages: 100 });
      await guest.setTarget({ pages: 50 });
      const settled = guest.settle();
      await vi.advanceTimersByTimeAsync(15_000);
      expect(await settled).toMatchObject({ creditPages: -50 });
      expect(await guest.status()).toMatchObject({ threadState: "ecanceled" });
      await guest.setTarget({ pages: 500 });
      await vi.advanceTimersByTimeAsync(100);
      expect(await guest.stats()).toMatchObject({ currentPages: 500 });
      await machine.close();
    });

    test("the late initcall sleeps, and a caller waits for what another brings", async () => {
      vi.useFakeTimers();
      const machine = await createMachine({ hostPages: 8192, clock: "real" });
      const guest = await machine.boot({
        maxPfn: 1024,
        domain: "hvm",
        driver: "modern",
        pfnLimit: 4096,
        hotplug: true,
        sectionPages: 256,
      });
      await guest.setTarget({ pages: 512 });
      const late = guest.lateInit();
      await vi.advanceTimersByTimeAsync(1000);
      await late;
      expect(await guest.stats()).toMatchObject({ currentPages: 512 });
      await guest.tune({ hotplugUnpopulated: true });
      const wanted = guest.takeBallooned(1000);
      await vi.advanceTimersByTimeAsync(1000);
      expect(await guest.status()).toMatchObject({ waitingCalls: 1 });
      await guest.online();
      await vi.advanceTimersByTimeAsync(1000);
      expect(await wanted).toHaveLength(1000);
      await machine.close();
    });
  });
});
