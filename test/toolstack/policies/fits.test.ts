/** The policy in which each gets what it uses. */
import { describe, expect, test } from "vitest";
import { fits } from "xen-balloon/toolstack";
import type { VectorHost } from "../../../apps/host/vectors/vector-host.js";
import { writesOf as allWritesOf, askToStart, policyHost } from "../../support/policy-host.js";

/** Two guests of 300,000 KiB on a host of 1,000,000; the second has 8,000 KiB of video memory beside. */
const hostOf = () =>
  policyHost({ totalKib: 1_000_000 }, [
    { domid: 1, actualKib: 300_000, keys: { "memory/target": 300_000, "memory/static-max": 600_000 } },
    {
      domid: 2,
      actualKib: 300_000,
      memoryOffsetKib: 8000,
      keys: { "memory/target": 300_000, "memory/static-max": 608_000, "memory/videoram": 8000 },
    },
  ]);

/** Guests report at once what they use. */
function report(host: VectorHost, ...usedKib: readonly (readonly [number, number | string])[]): void {
  for (const [domid, used] of usedKib) {
    host.store.write(domid, "memory/meminfo", String(used));
    host.post({ kind: "meminfo", domid });
  }
}

/** The targets that were written. */
const writesOf = (host: VectorHost) => allWritesOf(host).filter(([, , key]) => key === "target");

test("maxmem follows the target, 1 MiB above it and what Xen counts beside it", () => {
  const host = hostOf();
  report(host, [2, 200_000]);
  host.drive(fits({ reserveKib: 50_000 }).run(host), 1000);
  expect(allWritesOf(host)).toEqual([
    [0, 2, "maxmem", 250_000 + 8000 + 1024],
    [0, 2, "target", "250000"],
  ]);
});

describe("targets", () => {
  test("are what a guest uses, and the reserve", () => {
    const host = hostOf();
    report(host, [1, 200_000]);
    host.drive(fits({ reserveKib: 50_000 }).run(host), 1000);
    expect(writesOf(host)).toEqual([[0, 1, "target", "250000"]]);
    expect([...host.explanations]).toEqual([
      [2, "not-reporting"],
      [1, "reported"],
    ]);
  });

  test("have a reserve of 128 MiB unless told", () => {
    const host = hostOf();
    report(host, [1, 100_000], [2, "nonsense"]);
    host.drive(fits().run(host), 1000);
    expect(writesOf(host)).toEqual([[0, 1, "target", "231072"]]);
  });

  test("end at static-max, in which video memory is", () => {
    const host = hostOf();
    report(host, [2, 700_000]);
    host.drive(fits({ reserveKib: 50_000 }).run(host), 1000);
    expect(writesOf(host)).toEqual([[0, 2, "target", "600000"]]);
    expect(host.explanations.get(2)).toBe("maxmem");
  });

  test("that do not fit are scaled alike, and who gives is told first", () => {
    const host = hostOf();
    const daemon = fits({ reserveKib: 0 }).run(host);
    report(host, [1, 100_000], [2, 600_000]);
    host.plan(1000, () => report(host, [1, 600_000]));
    host.drive(daemon, 2000);
    // 1,000,000 less 8,000 of video memory, for wishes of 1,200,000
    expect(writesOf(host)).toEqual([
      [0, 1, "target", "100000"],
      [0, 2, "target", "600000"],
      [1000, 2, "target", "496000"],
      [1000, 1, "target", "496000"],
    ]);
    expect([host.explanations.get(1), host.explanations.get(2)]).toEqual(["share", "share"]);
  });
});

describe("a start", () => {
  const start = (memoryKib: number, minimumKib: number, usedKib: number) => {
    const host = hostOf();
    report(host, [1, usedKib]);
    const answers = askToStart(host, { memoryKib, minimumKib }, 3);
    host.drive(fits({ reserveKib: 0 }).run(host), 100_000);
    return answers;
  };

  // 400,000 KiB are free, and 200,000 more once the first guest has given
  test("has its memory at once where it is free", () => {
    expect(start(400_000, 400_000, 100_000)).toEqual([{ grantedKib: 400_000, domid: 3, atMs: 0 }]);
  });

  test("waits for those who give", () => {
    expect(start(500_000, 500_000, 100_000)).toEqual([{ grantedKib: 500_000, domid: 3, atMs: 1000 }]);
  });

  test("has what is free after a minute, down to its minimum", () => {
    expect(start(608_000, 600_000, 100_000)).toEqual([{ grantedKib: 600_000, domid: 3, atMs: 60_000 }]);
    expect(start(608_000, 600_004, 100_000)).toEqual([
      { reason: "host-empty", words: "600004 KiB needed at least, 600000 KiB free", atMs: 60_000 },
    ]);
  });
});
