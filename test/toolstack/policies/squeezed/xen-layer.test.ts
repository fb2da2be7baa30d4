/** Reads and writes of squeezed at a look and for a target, in their order. */
import { describe, expect, test } from "vitest";
import { sleep, type Task } from "xen-balloon/toolstack";
import type { VectorHost } from "../../../../apps/host/vectors/vector-host.js";
import { XenLayer } from "../../../../src/toolstack/policies/squeezed/xen-layer.js";
import { balloonKeys, type KeyedGuest, policyHost, writesOf } from "../../../support/policy-host.js";

const look = (host: VectorHost, layer: XenLayer) => host.drive(layer.look());

/** A guest of 2,000 KiB whose maxmem has Xen's own 1,024 KiB. */
const guest = (domid: number, more: Partial<KeyedGuest> = {}): KeyedGuest => ({
  domid,
  actualKib: 2000,
  maxmemKib: 3024,
  kind: "stuck",
  keys: balloonKeys(1000, 2000, 4000),
  ...more,
});

describe("a look", () => {
  test("sees free memory and the domains in ascending domid, without dom0", () => {
    const host = policyHost({ totalKib: 10_000 }, [guest(0), guest(7), guest(3)]);
    const seen = look(host, new XenLayer(host));
    expect(seen?.freeKib).toBe(4000);
    expect(seen?.domains).toEqual(
      [3, 7].map((domid) => ({
        domid,
        canBalloon: true,
        dynamicMinKib: 1000,
        targetKib: 2000,
        dynamicMaxKib: 4000,
        actualKib: 2000,
        inaccuracyKib: 4,
      })),
    );
    expect(writesOf(host)).toEqual([]);
  });

  test("measures the memory-offset once, then pulls maxmem down to the target", () => {
    const keys = { "memory/target": 1900, "control/feature-balloon": 1 };
    const host = policyHost({ totalKib: 10_000 }, [guest(1, { keys })]);
    const layer = new XenLayer(host);
    const seen = look(host, layer)?.domains[0];
    // without dynamic-min and dynamic-max both are the target
    expect(seen).toMatchObject({ actualKib: 1900, dynamicMinKib: 1900, dynamicMaxKib: 1900 });
    // remembered 3024 - 1024 = 2000 is above the target: 1900 + 100 + 1024
    expect(writesOf(host)).toEqual([
      [0, 1, "memory-offset", "100"],
      [0, 1, "maxmem", 3024],
    ]);
    host.guest(1).actualKib = 1500;
    expect(look(host, layer)?.domains[0]?.actualKib).toBe(1400);
    expect(writesOf(host)).toEqual([]);
  });

  test("waits while 1,024 pages or more are to be scrubbed", () => {
    const host = policyHost({ totalKib: 10_000 }, []);
    host.scrubKib = 8192;
    host.plan(600, () => {
      host.scrubKib = 4092;
    });
    look(host, new XenLayer(host));
    expect(host.nowMs).toBe(750);
  });

  test("marks who is off target for more than 20 s, until it is on target", () => {
    const host = policyHost({ totalKib: 10_000 }, [guest(1, { actualKib: 2500, maxmemKib: 3024 })]);
    const layer = new XenLayer(host);
    const writes = [0, 20_000, 1, 1].flatMap((ms, i) => {
      host.advance(ms);
      if (i === 3) host.guest(1).actualKib = 2004;
      look(host, layer);
      return writesOf(host);
    });
    expect(writes).toEqual([
      [20_001, 1, "uncooperative", ""],
      [20_002, 1, "uncooperative", null],
    ]);
  });

  test("counts what a domain was promised before it booted as taken, and the domain at its maxmem", () => {
    const keys = { "memory/target": 2000, "memory/initial-reservation": 2600 };
    const host = policyHost({ totalKib: 10_000 }, [guest(1, { keys, maxmemKib: 4024 })]);
    const layer = new XenLayer(host);
    layer.reserve("next", 500);
    const seen = look(host, layer);
    expect(seen?.freeKib).toBe(8000 - 600 - 500);
    expect(seen?.domains[0]).toMatchObject({
      canBalloon: false,
      dynamicMinKib: 3000,
      targetKib: 3000,
      dynamicMaxKib: 3000,
      actualKib: 3000,
    });
    expect(writesOf(host)).toEqual([]);
  });

  test("leaves out a domain that has no target any more", () => {
    const host = policyHost({ totalKib: 10_000 }, [guest(1)]);
    const layer = new XenLayer(host);
    host.store.remove(1, "memory/target");
    expect(look(host, layer)?.domains).toEqual([]);
  });
});

describe("a target", () => {
  const settingOn = (more: Partial<KeyedGuest> = {}) => {
    const host = policyHost({ totalKib: 10_000 }, [guest(1, more)]);
    const layer = new XenLayer(host);
    look(host, layer);
    writesOf(host);
    /** Sets targets one after the other; answers what was written. */
    return (...targets: number[]) => {
      host.drive(
        (function* (): Task {
          for (const kib of targets) layer.setTarget(1, kib);
          yield* sleep(0);
        })(),
      );
      return writesOf(host);
    };
  };

  test("that rises is written after maxmem, one that falls before it", () => {
    expect(settingOn()(3000, 1500)).toEqual([
      [0, 1, "maxmem", 4024],
      [0, 1, "target", "3000"],
      [0, 1, "target", "1500"],
      [0, 1, "maxmem", 2524],
    ]);
  });

  test("that rises within Xen's own part is written first: the remembered maxmem has that in it", () => {
    const setTargets = settingOn();
    setTargets(1500);
    expect(setTargets(2400)).toEqual([
      [0, 1, "target", "2400"],
      [0, 1, "maxmem", 3424],
    ]);
  });

  test("that has not changed writes maxmem once, and then nothing", () => {
    expect(settingOn()(2000, 2000, 2000)).toEqual([[0, 1, "maxmem", 3024]]);
  });

  test("of a pv domain has no part of Xen's in maxmem", () => {
    expect(settingOn({ type: "pv", maxmemKib: 2000 })(2000, 2400)).toEqual([
      [0, 1, "maxmem", 2400],
      [0, 1, "target", "2400"],
    ]);
  });

  test("of a domain without driver only lifts maxmem", () => {
    const keys = { "memory/target": 2000, "memory/memory-offset": 0, "data/updated": 1 };
    expect(settingOn({ keys })(1500, 2400)).toEqual([[0, 1, "maxmem", 3424]]);
  });
});

test("a reservation becomes the promise to a domain", () => {
  const host = policyHost({ totalKib: 10_000 }, [guest(1, { keys: {} })]);
  const layer = new XenLayer(host);
  layer.reserve("next", 2500);
  layer.transferReservation("next", host.guest(1));
  expect(host.store.read(1, "memory/initial-reservation")).toBe("2500");
  expect(host.store.read(1, "memory/reservation-id")).toBe("next");
  expect(host.guest(1).maxmemKib).toBe(3524);
  // 500 KiB of the promise are still to come
  expect(look(host, layer)?.freeKib).toBe(7500);
  expect(() => layer.transferReservation("next", host.guest(1))).toThrow("expected one that was made, got next");
});
