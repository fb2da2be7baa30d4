import { describe, expect, it } from "vitest";
import { MemoryUse } from "../../src/toolstack/memory-use.js";

/** A guest that wants 1000 KiB and can have 600. */
function short(pressure: ConstructorParameters<typeof MemoryUse>[0]): MemoryUse {
  const use = new MemoryUse(pressure);
  use.have(0, 1000);
  use.want(0, 1000);
  use.have(0, 600);
  return use;
}

describe("a guest short of memory", () => {
  it("waits, and reports no more than it has", () => {
    const use = short({ shortage: "waits" });
    expect([use.residentKib, use.shortKib, use.reportedKib, use.nextChangeMs]).toEqual([600, 400, 600, Infinity]);
    use.have(5000, 900);
    expect([use.residentKib, use.shortKib]).toEqual([900, 100]);
  });

  it("swaps at a rate, and reports what is on disk", () => {
    const use = short({ shortage: "swaps", swapKibPerSecond: 100 });
    expect(use.nextChangeMs).toBe(1000);
    use.passTo(1000);
    expect([use.swappedKib, use.residentKib, use.reportedKib]).toEqual([100, 600, 700]);
    use.passTo(4000);
    expect([use.swappedKib, use.shortKib, use.nextChangeMs]).toEqual([400, 400, Infinity]);
    // memory comes back, and what is on disk follows at the rate
    use.have(4000, 1000);
    expect([use.residentKib, use.shortKib]).toEqual([600, 400]);
    use.passTo(6500);
    expect([use.swappedKib, use.shortKib]).toEqual([150, 150]);
    use.passTo(9000);
    expect([use.swappedKib, use.shortKib, use.nextChangeMs]).toEqual([0, 0, Infinity]);
  });

  it("is visited by the killer once it has been short for a time, until its next demand", () => {
    const use = short({ shortage: "kills", killAfterMs: 10_000, killShare: 0.5 });
    expect(use.nextChangeMs).toBe(10_000);
    use.passTo(9999);
    expect(use.kills).toBe(0);
    use.passTo(10_000);
    // 300 of its 600 KiB are freed; of the 700 that are wanted yet, 600 fit
    expect([use.kills, use.residentKib, use.shortKib, use.nextChangeMs]).toEqual([1, 600, 400, 20_000]);
    use.passTo(20_000);
    expect([use.kills, use.residentKib, use.shortKib, use.nextChangeMs]).toEqual([2, 400, 600, Infinity]);
    use.want(30_000, 500);
    expect([use.residentKib, use.shortKib]).toEqual([500, 0]);
  });
});

describe("what a driver can get", () => {
  it("is all but the memory in use, unless it may press or leaves page cache", () => {
    const kept = (pressure: ConstructorParameters<typeof MemoryUse>[0]): number => {
      const use = new MemoryUse(pressure);
      use.have(0, 1000);
      use.want(0, 600);
      return use.keptKib;
    };
    expect(kept({ shortage: "waits" })).toBe(600);
    expect(kept({ shortage: "waits", pressShare: 0.5 })).toBe(300);
    expect(kept({ shortage: "waits", cacheShare: 0.25 })).toBe(700);
  });

  it("has an end where it presses: the share is of what the programs want", () => {
    const use = new MemoryUse({ shortage: "waits", pressShare: 0.5 });
    use.want(0, 600);
    for (const capacity of [600, 400, 300]) use.have(0, capacity);
    expect(use.keptKib).toBe(300);
  });
});
