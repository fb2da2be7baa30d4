/** Xl's freemem, and xl as a policy. */
import { describe, expect, test } from "vitest";
import { xl } from "xen-balloon/toolstack";
import { freemem } from "../../../../src/toolstack/policies/xl/freemem.js";
import { askToStart, type KeyedGuest, policyHost, writesOf } from "../../../support/policy-host.js";

/** A dom0 of 1,000,000 KiB on a host with 100,000 KiB free. */
const hostOf = (more: Partial<KeyedGuest> = {}) =>
  policyHost({ totalKib: 1_100_000 }, [
    { domid: 0, type: "pv", actualKib: 1_000_000, keys: { "memory/target": 1_000_000 }, ...more },
  ]);

describe("freemem", () => {
  test("asks nobody where enough is free", () => {
    const host = hostOf();
    expect(host.drive(freemem(host, 100_000))).toBe("freed");
    expect([host.nowMs, writesOf(host)]).toEqual([0, []]);
  });

  test("takes what is missing from dom0's target, and looks after two seconds", () => {
    const host = hostOf();
    expect(host.drive(freemem(host, 300_000))).toBe("freed");
    expect(writesOf(host)).toEqual([[0, 0, "target", "800000"]]);
    expect([host.nowMs, host.freeKib]).toEqual([2000, 300_000]);
  });

  test("waits as long as dom0 gives", () => {
    const host = hostOf({ rateKibPerS: 4000 });
    expect(host.drive(freemem(host, 300_000))).toBe("freed");
    expect(host.nowMs).toBe(50_000);
  });

  test("gives up after ten seconds without progress; the first look has nothing to compare with", () => {
    const host = hostOf({ kind: "stuck" });
    expect(host.drive(freemem(host, 300_000))).toBe("dom0-stuck");
    expect(host.nowMs).toBe(12_000);
  });

  test("gives up where dom0 takes", () => {
    const host = hostOf({ kind: "stuck" });
    host.plan(3000, () => {
      host.guest(0).actualKib += 4;
    });
    expect(host.drive(freemem(host, 300_000))).toBe("dom0-stuck");
    expect(host.nowMs).toBe(4000);
  });

  test("leaves dom0 128 MiB", () => {
    const host = hostOf({ keys: { "memory/target": 331_071 } });
    expect(host.drive(freemem(host, 300_000))).toBe("dom0-minimum");
    expect(writesOf(host)).toEqual([]);
    host.store.write(0, "memory/target", "331072");
    expect(host.drive(freemem(host, 300_000))).toBe("freed");
    expect(writesOf(host)).toEqual([[0, 0, "target", "131072"]]);
  });

  test("has credit for thirty seconds of waits that do not help", () => {
    const host = hostOf();
    for (let ms = 1000; ms < 60_000; ms += 2000) host.plan(ms, () => host.take(10_000));
    expect(host.drive(freemem(host, 300_000))).toBe("out-of-credit");
    expect(host.nowMs).toBe(30_000);
  });

  test("takes dom0's size for its target where nobody has written one, and needs a dom0", () => {
    const host = hostOf({ keys: {} });
    host.drive(freemem(host, 300_000));
    expect(host.store.read(0, "memory/target")).toBe("800000");
    const nobody = policyHost({ totalKib: 1000 }, []);
    expect(nobody.drive(freemem(nobody, 2000))).toBe("no-dom0");
  });
});

describe("xl", () => {
  // 100,000 + 2,048 + 2,048, in superpages: 104,448
  const request = { memoryKib: 100_000, minimumKib: 100_000, maximumKib: 262_144 };

  test("starts a guest with its memory, and frees what Xen needs for it too", () => {
    const host = hostOf();
    const answers = askToStart(host, request, 5);
    host.drive(xl().run(host), 10_000);
    expect(answers).toEqual([{ grantedKib: 100_000, domid: 5, atMs: 2000 }]);
    expect(host.store.read(0, "memory/target")).toBe("995552");
    expect(host.explanations.get(0)).toBe("demand-unseen");
  });

  test("refuses with the reason", () => {
    const host = hostOf({ kind: "stuck" });
    const answers = askToStart(host, request, 5);
    host.drive(xl().run(host), 20_000);
    const words = "failed to free memory for the domain: 104448 KiB needed (dom0-stuck)";
    expect(answers).toEqual([{ reason: "stuck-donor", words, atMs: 12_000 }]);
  });
});
