import { describe, expect, it } from "vitest";
import { GuestLedger } from "../../src/toolstack/guest-ledger.js";

describe("a guest's ledger", () => {
  it("sums what was wanted, had and lacked, by reason", () => {
    const ledger = new GuestLedger(2000, 0, { demandKib: 5000, residentKib: 5000, heldKib: 6000, reason: "share" });
    ledger.enter(10, { demandKib: 5000, residentKib: 4000, heldKib: 4000, reason: "floor" });
    ledger.enter(30, { demandKib: 8000, residentKib: 4000, heldKib: 4000, reason: "host-empty" });
    ledger.enter(40, { demandKib: 1000, residentKib: 1000, heldKib: 2500, reason: "share" });
    expect(ledger.sumsAt(50)).toEqual({
      ranMs: 50,
      askedKibMs: 5000 * 30 + 8000 * 10 + 1000 * 10,
      gotKibMs: 5000 * 10 + 4000 * 30 + 1000 * 10,
      shortKibMs: 1000 * 20 + 4000 * 10,
      shortMs: 30,
      worstShortKib: 4000,
      idleKibMs: 1000 * 10 + 1500 * 10,
      atMinimumTimes: 1,
      atMinimumMs: 10,
      reasons: [
        { reason: "host-empty", shortKibMs: 40_000, ms: 10 },
        { reason: "floor", shortKibMs: 20_000, ms: 20 },
      ],
    });
  });

  it("counts each time that a guest is brought down to its minimum", () => {
    const at = (heldKib: number) => ({ demandKib: 0, residentKib: 0, heldKib, reason: "share" as const });
    const ledger = new GuestLedger(10_000, 0, at(20_000));
    for (const [ms, kib] of [
      [1, 10_000],
      [2, 11_024],
      [3, 11_025],
      [4, 9000],
    ] as const)
      ledger.enter(ms, at(kib));
    expect(ledger.sumsAt(5)).toMatchObject({ atMinimumTimes: 2, atMinimumMs: 3 });
  });
});
