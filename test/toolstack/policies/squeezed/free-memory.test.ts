/** The calls of squeezed, with numbers worked out by hand. */
import { describe, expect, test } from "vitest";
import {
  balanceMemory,
  freeMemory,
  freeMemoryRange,
  isUnbalanced,
} from "../../../../src/toolstack/policies/squeezed/free-memory.js";
import { XenLayer } from "../../../../src/toolstack/policies/squeezed/xen-layer.js";
import { balloonKeys, type KeyedGuest, policyHost, writesOf } from "../../../support/policy-host.js";

/** A pv guest at its dynamic-max, with a range of 2^18 KiB: so the parts of it are exact. */
const guest = (more: Partial<KeyedGuest> = {}): KeyedGuest => ({
  domid: 1,
  type: "pv",
  actualKib: 362_144,
  maxmemKib: 362_144,
  keys: balloonKeys(100_000, 362_144, 362_144),
  ...more,
});
/** 100,000 KiB are free; with the guest at dynamic-min 362,144, of which 8 are not counted on. */
const hostOf = (more: Partial<KeyedGuest> = {}) => policyHost({ totalKib: 462_144 }, [guest(more)]);

describe("freeing memory", () => {
  test("moves targets until it is free beside the reserve", () => {
    const host = hostOf();
    expect(host.drive(freeMemory(new XenLayer(host), 200_000))).toEqual({ kind: "freed", kib: 200_000 });
    // 100,000 + 262,136 - 273,728 = 88,408 above dynamic-min
    expect(writesOf(host)).toEqual([
      [0, 1, "target", "188408"],
      [0, 1, "maxmem", 188_408],
    ]);
    expect([host.nowMs, host.freeKib]).toEqual([1000, 273_736]);
  });

  test("does nothing where it is free and all are on target", () => {
    const host = hostOf();
    expect(host.drive(freeMemory(new XenLayer(host), 26_272))).toEqual({ kind: "freed", kib: 26_272 });
    expect([host.nowMs, writesOf(host)]).toEqual([0, []]);
  });

  test("fails once everybody is at dynamic-min", () => {
    const host = hostOf();
    const answer = host.drive(freeMemory(new XenLayer(host), 400_000));
    expect(answer).toEqual({ kind: "cannot-free", requiredKib: 473_728, freeKib: 362_144 });
    expect(host.guest(1).actualKib).toBe(100_000);
  });

  test("names who does not give for five seconds", () => {
    const host = hostOf({ kind: "stuck" });
    expect(host.drive(freeMemory(new XenLayer(host), 200_000))).toEqual({
      kind: "refused",
      domids: [1],
      wouldDo: true,
    });
    expect(host.nowMs).toBe(6000);
    // a donor lacks nothing because it does not give
    expect(host.explanations.get(1)).toBe("demand-unseen");
  });

  test("lets a guest that stands still below its target have no more than it has", () => {
    const keys = balloonKeys(100_000, 362_144, 362_144);
    const host = policyHost({ totalKib: 462_144 }, [guest({ actualKib: 200_000, kind: "stuck", keys })]);
    expect(host.drive(freeMemory(new XenLayer(host), 150_000))).toMatchObject({ kind: "freed" });
    expect(writesOf(host).at(-1)).toEqual([6000, 1, "maxmem", 200_000]);
    expect(host.explanations.get(1)).toBe("maxmem");
  });
});

test("a range gets the share of a domain with that range", () => {
  const host = hostOf();
  // 288,408 of 2 × 2^18: a share of 10,000 + 144,204; so the guest has 362,136 - 227,932 above dynamic-min
  const answer = host.drive(freeMemoryRange(new XenLayer(host), 10_000, 272_144));
  expect(writesOf(host)[0]).toEqual([0, 1, "target", "234204"]);
  // all that is free then beside the reserve
  expect(answer).toEqual({ kind: "freed", kib: 154_212 });
});

test("a range needs its minimum only", () => {
  const host = hostOf({ kind: "stuck" });
  expect(host.drive(freeMemoryRange(new XenLayer(host), 10_000, 272_144))).toEqual({ kind: "freed", kib: 26_272 });
  expect(host.nowMs).toBe(6000);
});

describe("a balance", () => {
  test("shares all but the reserve, and says why nobody gets more", () => {
    const keys = balloonKeys(100_000, 100_000, 362_144);
    const host = policyHost({ totalKib: 462_144 }, [
      guest({ actualKib: 100_000, maxmemKib: 100_000, keys }),
      guest({
        domid: 2,
        actualKib: 100_000,
        maxmemKib: 100_000,
        keys: { "memory/target": 100_000, "data/updated": 1 },
      }),
    ]);
    const layer = new XenLayer(host);
    expect(host.drive(isUnbalanced(layer))).toBe(true);
    host.drive(balanceMemory(layer));
    // 262,144 - 73,728 free above the reserve, while the guest is at dynamic-min
    expect(writesOf(host).filter(([, , key]) => key === "target")[0]).toEqual([0, 1, "target", "288416"]);
    expect(host.guest(1).actualKib).toBe(288_408);
    expect([host.explanations.get(1), host.explanations.get(2)]).toEqual(["demand-unseen", "not-reporting"]);
    expect(host.drive(isUnbalanced(layer))).toBe(false);
  });

  test("that ends with everybody at dynamic-min or dynamic-max says so", () => {
    const short = policyHost({ totalKib: 400_000 }, [
      guest({ kind: "stuck", actualKib: 362_144 }),
      guest({ domid: 2 }),
    ]);
    short.take(-400_000);
    short.drive(balanceMemory(new XenLayer(short)));
    expect(short.explanations.get(1)).toBe("maxmem");
    const empty = policyHost({ totalKib: 120_000 }, [
      guest({ actualKib: 100_000, keys: balloonKeys(100_000, 100_000, 362_144) }),
    ]);
    empty.drive(balanceMemory(new XenLayer(empty)));
    expect(empty.explanations.get(1)).toBe("floor");
  });
});
