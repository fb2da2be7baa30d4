/** The host of vector guests, and the run of files of vectors. */
import { describe, expect, test } from "vitest";
import { type PolicyEvent, sleep, type Task } from "xen-balloon/toolstack";
import { runVectors } from "../../apps/host/vectors/run.js";
import type { VectorGuestOptions } from "../../apps/host/vectors/vector-guest.js";
import { VectorHost } from "../../apps/host/vectors/vector-host.js";

const guest = (domid: number, more: Partial<VectorGuestOptions> = {}): VectorGuestOptions => ({
  domid,
  actualKib: 1000,
  usedKib: 0,
  rateKibPerS: 1000,
  minFreeKib: 0,
  kind: "ideal",
  ...more,
});
const sizes = (host: VectorHost): number[] => host.guests.map(({ actualKib }) => actualKib);

describe("guests", () => {
  test("move at their rate, a tick at a time, each step rounded down", () => {
    const host = new VectorHost({ totalKib: 9000, guests: [guest(1, { targetKib: 3000, rateKibPerS: 15 })] });
    host.advance(250);
    // 1 KiB for each 100 ms, none for the 50 ms that are left
    expect([host.nowMs, host.freeKib, ...sizes(host)]).toEqual([250, 7998, 1002]);
  });

  test("who gives comes before who takes, and nobody takes more than is free", () => {
    const host = new VectorHost({
      totalKib: 2010,
      guests: [guest(1, { targetKib: 2000 }), guest(2, { targetKib: 0, rateKibPerS: 200 })],
    });
    host.advance(100);
    expect(sizes(host)).toEqual([1030, 980]);
  });

  test("give down to what they use and keep free, or to the floor", () => {
    const host = new VectorHost({
      totalKib: 9000,
      guests: [
        guest(1, { targetKib: 0, usedKib: 300, minFreeKib: 100 }),
        guest(2, { targetKib: 0, usedKib: 300, floorKib: 50 }),
        guest(3, { targetKib: 0, usedKib: 3000 }),
      ],
    });
    host.advance(5000);
    expect(sizes(host)).toEqual([400, 50, 1000]);
  });

  test("in pages, goals are rounded down, and so is what Xen tells", () => {
    const host = new VectorHost({
      totalKib: 9001,
      inPages: true,
      guests: [guest(1, { targetKib: 1503, memoryOffsetKib: 6 })],
    });
    host.advance(1000);
    expect([...sizes(host), host.domain(1)?.totKib, host.freeKib, host.exactFreeKib]).toEqual([1500, 1504, 7500, 7501]);
  });

  test("sleep by turns", () => {
    const host = new VectorHost({
      totalKib: 9000,
      guests: [guest(1, { targetKib: 5000, kind: "sleepy", limitMs: 200 })],
    });
    // awake at 100 ms, asleep at 200 and 300, awake at 400
    host.advance(400);
    expect(sizes(host)).toEqual([1200]);
  });
});

describe("a task", () => {
  test("waits while the host goes on; what is planned happens between its ticks", () => {
    const host = new VectorHost({ totalKib: 9000, guests: [guest(1)], keysKept: ["memory/target"] });
    host.plan(150, () => host.store.write(1, "memory/target", "2000"));
    function* task(): Task<number> {
      yield* sleep(200);
      host.store.write(1, "memory/target", "1040");
      host.setMaxmem(1, 1050);
      yield* sleep(100);
      return host.nowMs;
    }
    expect(host.drive(task())).toBe(300);
    // 50 KiB in the 50 ms after the plan, back by 10 KiB after the task's own write
    expect(sizes(host)).toEqual([1040]);
    expect(host.takeWrites()).toEqual([
      { tMs: 200, domid: 1, key: "memory/target", value: "1040" },
      { tMs: 200, domid: 1, key: "maxmem", value: 1050 },
    ]);
    expect(host.takeWrites()).toEqual([]);
  });

  test("gets events in their order, those that came during another wait too, until the drive's end", () => {
    const host = new VectorHost({ totalKib: 9000, guests: [guest(1)] });
    const heard: [number, PolicyEvent["kind"] | undefined][] = [];
    host.post({ kind: "introduced", domid: 1 });
    host.plan(50, () => host.post({ kind: "meminfo", domid: 1 }));
    host.plan(400, () => host.post({ kind: "released", domid: 1 }));
    function* task(): Task {
      for (;;) {
        const event = yield { ms: 250, forEvent: true };
        heard.push([host.nowMs, event?.kind]);
        yield* sleep(100);
      }
    }
    host.drive(task(), 1000);
    expect(heard).toEqual([
      [0, "introduced"],
      [100, "meminfo"],
      [400, "released"],
      [750, undefined],
    ]);
    expect(host.nowMs).toBe(1000);
  });
});

describe("files", () => {
  const lone = {
    total_kib: 5000,
    guests: [
      {
        domid: "7",
        actual_kib: 1000,
        target_kib: 1500,
        maxmem_kib: null,
        max_kib: null,
        used_kib: 0,
        rate_kib_per_s: 1000,
        kind: "ideal",
      },
    ],
    script: [
      ["advance", 200],
      ["at", 100, ["kind", "7", "stuck"]],
      ["advance", 200],
    ],
  };
  const run = (...texts: string[]): { lines: string[]; verdict: { passed: number; failed: number } } => {
    const lines: string[] = [];
    const files = texts.map((text, index) => ({ name: `${index}.json`, text }));
    return { verdict: runVectors(files, (line) => lines.push(line)), lines };
  };

  test("tells the first step that differs, and goes on with the next case", () => {
    const good = {
      ...lone,
      name: "good",
      expect: [
        [200, 3800, 1200],
        [200, 3800, 1200],
        [400, 3700, 1300],
      ],
    };
    const bad = {
      ...lone,
      name: "bad",
      expect: [
        [200, 3800, 1200],
        [200, 3800, 1201],
        [400, 0, 0],
      ],
    };
    const { lines, verdict } = run(JSON.stringify({ cases: [bad, good] }));
    expect(lines).toEqual([
      "0.json: 1 passed, 1 failed",
      '  bad: step 2 ["at",100,["kind","7","stuck"]]: expected [200,3800,1201], got [200,3800,1200]',
      "1 passed, 1 failed",
    ]);
    expect(verdict).toMatchObject({ passed: 1, failed: 1 });
  });

  test("tells a case that cannot be run as failed", () => {
    const script = [["fly", "7"]];
    const { lines } = run(JSON.stringify({ cases: [{ ...lone, name: "odd", script, expect: [[0, 0, 0]] }] }));
    expect(lines[1]).toContain('odd: the run: expected "an answer", got "ShapeError: expected a step that is known');
  });

  test("names what it does not know, and counts it as neither", () => {
    const { lines } = run('[{ "fn": "juggle", "balls": 3 }, { "fn": "juggle", "balls": 4 }]', "{", "{}");
    expect(lines[0]).toBe("0.json: 0 passed, 0 failed");
    expect(lines[1]).toBe("  not a kind that is known: 2 × fn juggle");
    expect(lines[3]).toMatch(/^ {2}not a kind that is known: not JSON/);
    expect(lines[5]).toBe("  not a kind that is known: no list of cases");
    expect(lines[6]).toBe("0 passed, 0 failed");
  });
});
