/** Several may watch a guest's hypercalls at once, each the kinds that it asks for. */
import { describe, expect, test } from "vitest";
import { completeWorldConfig } from "../../src/host/config.js";
import type { HypercallObserver } from "../../src/host/hypercall-observer.js";
import { VirtualWorld } from "../../src/world/world.js";
import { driver2013, idleKernel } from "../support/driver-2013.js";
import { engines } from "../support/engines.js";

describe.each(engines)("%s", (_, makeMachine) => {
  /** A guest that gives back two batches of pages while they watch. */
  function inflate(...observers: readonly HypercallObserver[]) {
    const { guest: config, hostPages, mfnBase } = completeWorldConfig({ maxPfn: 4096, nrPages: 4096 });
    const guest = makeMachine(hostPages, mfnBase).createGuest(config, idleKernel);
    const stops = observers.map((observer) => guest.hypercalls.observe(observer));
    guest.init();
    guest.setTarget(4096 - 1024);
    driver2013(guest).runWorker(Number.POSITIVE_INFINITY);
    return { guest, stops };
  }

  test("each hears what it asks for, in the order of their coming", () => {
    const heard: string[] = [];
    let mapped = 0;
    inflate(
      { beforeMemoryOp: (_cmd, extents) => heard.push(`first before ${extents}`) },
      {
        afterMemoryOp: (_cmd, extents, rc) => heard.push(`second after ${extents} ${rc}`),
        vaMapping: () => mapped++,
      },
      { afterMemoryOp: () => heard.push("third after") },
    );
    expect(heard).toEqual(Array(2).fill(["first before 512", "second after 512 512", "third after"]).flat());
    expect(mapped).toBe(1024);
  });

  test("who has ended hears nothing more, and the others do", () => {
    const calls = [0, 0];
    const { guest, stops } = inflate({ afterMemoryOp: () => calls[0]++ }, { afterMemoryOp: () => calls[1]++ });
    stops[0]();
    stops[0]();
    guest.setTarget(4096);
    driver2013(guest).runWorker(Number.POSITIVE_INFINITY);
    expect(calls).toEqual([2, 4]);
  });

  test("mappings that nobody watches are counted all the same", () => {
    const { guest } = inflate({ afterMemoryOp() {} });
    expect(guest.hypercalls.vaMappings).toBe(1024);
  });

  test.each([
    ["2013", "pv"],
    ["2013", "hvm"],
    ["modern", "pv"],
    ["modern", "hvm"],
  ] as const)(
    "one that throws ends its guest (%s, %s), which leaves no frame behind and none twice",
    (driver, domain) => {
      const world = new VirtualWorld(
        makeMachine,
        completeWorldConfig({ driver, domain, maxPfn: 8192, hostPages: 10_000 }),
      );
      const guest = world.boot(completeWorldConfig({ driver, domain, maxPfn: 8192 }).guest);
      let calls = 0;
      guest.hypercalls.observe({
        afterMemoryOp() {
          if (++calls === 2) throw new Error("enough");
        },
      });
      expect(() => world.settle(guest, 4096, 60_000)).toThrow("enough");
      guest.close();
      expect(world.machine.freeFrames()).toBe(10_000);
    },
  );
});
