/** Qubes' qmemman: its sums, its balance with its waits, its requests, and its life from event to event. */
import { describe, expect, test } from "vitest";
import {
  type BalancedDomain,
  balance,
  balloon,
  parseMeminfo,
  preferredBytes,
  rebalance,
  requestMemory,
  SystemState,
  setMemory,
  sumUp,
} from "xen-balloon/core";
import { qmemman, type StartRequest } from "xen-balloon/toolstack";
import type { VectorGuestOptions } from "../../apps/host/vectors/vector-guest.js";
import { VectorHost } from "../../apps/host/vectors/vector-host.js";

const MIB = 1_048_576;
const KIB_PER_MIB = 1024;

const domain = (domid: number, usedMib: number | null, actualMib: number, maxMib = 4000): BalancedDomain => ({
  domid,
  usedBytes: usedMib === null ? null : usedMib * MIB,
  actualBytes: actualMib * MIB,
  maxBytes: maxMib * MIB,
  noProgress: false,
});

function targets(freeMib: number, ...domains: BalancedDomain[]): [number, number][] {
  const sums = sumUp(freeMib * MIB, domains);
  return balance(freeMib * MIB, domains, sums).map((target) => [target.domain.domid, target.bytes]);
}

describe("sums", () => {
  test.each([
    ["4096", 4_194_304],
    ["007", 7168],
    ["", null],
    ["-1", null],
    ["12 3", null],
    ["12\n", null],
    ["9k", null],
  ])("reads %j", (text, bytes) => expect(parseMeminfo(text)).toBe(bytes));

  test.each([
    ["three tenths more than in use", domain(1, 1000, 0), 1300],
    ["not above its maximum", domain(1, 1000, 0, 1200), 1200],
    ["200 MiB at least", domain(1, 10, 0), 200],
    ["200 MiB even above its maximum", domain(1, 10, 0, 150), 200],
    ["350 MiB more for dom0", domain(0, 1000, 0), 1650],
    ["dom0 has no least preference, and not above its maximum", domain(0, 1000, 0, 100), 100],
  ])("prefers %s", (_, of, mib) => expect(preferredBytes(of)).toBe(mib * MIB));

  test("nobody asks for the preference of one who has not reported", () => {
    expect(() => preferredBytes(domain(3, null, 0))).toThrow("domain 3: expected one that has reported");
  });
});

describe("targets", () => {
  test("who gets less than it has comes first; all share in proportion", () => {
    // 200 MiB are left above two preferences of 200 MiB: each gets 300 MiB, less a thousandth
    expect(targets(0, domain(1, 100, 100), domain(2, 100, 500))).toEqual([
      [2, 314_258_227],
      [1, 314_258_227],
    ]);
  });

  test("what is above the maximum of one goes to the others", () => {
    // 94,057,267 bytes are above the 210 MiB; the other gets them, less a thousandth
    expect(targets(0, domain(1, 100, 500), domain(2, 100, 100, 210))).toEqual([
      [1, 408_221_436],
      [2, 220_200_960],
    ]);
  });

  test("where memory is low, what a donor gives is taken off what is shared: it alone is told", () => {
    expect(targets(0, domain(1, 100, 300), domain(2, 1000, 500))).toEqual([[1, 200 * MIB]]);
  });

  test("a donor of less than 10 MiB is left alone, and the needy share what is free", () => {
    expect(targets(100, domain(1, 100, 209), domain(2, 1000, 1000), domain(3, 500, 600))).toEqual([
      [2, 1_117_362_585],
      [3, 663_434_035],
    ]);
  });

  test("who has not reported, and who is marked, is left out", () => {
    expect(targets(0, domain(1, null, 500), { ...domain(2, 100, 900), noProgress: true })).toEqual([]);
  });

  test("borrows in proportion to what each has too much, and a twentieth more", () => {
    const domains = [domain(1, 100, 500), domain(2, 230, 399), domain(3, 1000, 900)];
    expect(balloon(250 * MIB, domains).map(({ domain: { domid }, bytes }) => [domid, bytes])).toEqual([
      [1, 317_849_600],
      [2, 349_569_024],
    ]);
    expect(balloon(400 * MIB + 1, domains)).toEqual([]);
  });
});

/** A guest with its keys, as Qubes starts it. */
interface Started extends Partial<Omit<VectorGuestOptions, "domid" | "actualKib" | "usedKib">> {
  readonly actualMib: number;
  readonly usedMib: number;
  readonly maxMib?: number;
  readonly hotplug?: boolean;
}

/** A host with this much free memory beside its guests, which are 1, 2, 3 … */
function hostOf(freeKib: number, ...started: Started[]): { host: VectorHost; state: SystemState } {
  const guests = started.map(({ actualMib, usedMib, maxMib: _, hotplug: __, ...more }, index) => ({
    domid: index + 1,
    actualKib: actualMib * KIB_PER_MIB,
    usedKib: usedMib * KIB_PER_MIB,
    rateKibPerS: 1_048_576,
    kind: "ideal" as const,
    ...more,
  }));
  const totalKib = guests.reduce((sum, { actualKib }) => sum + actualKib, freeKib);
  const host = new VectorHost({
    totalKib,
    guests,
    targetOffsetKib: 16_384,
    keysKept: ["memory/target", "memory/static-max"],
  });
  for (const [index, { actualMib, maxMib = 4000, hotplug }] of started.entries()) {
    host.store.write(index + 1, "memory/target", String(actualMib * KIB_PER_MIB - 16_384));
    const key = hotplug ? "memory/hotplug-max" : "memory/static-max";
    host.store.write(index + 1, key, String(maxMib * KIB_PER_MIB));
  }
  const state = new SystemState(host);
  state.readDomains();
  return { host, state };
}

function reportAll(host: VectorHost, state: SystemState): void {
  for (const known of state.domains) state.report(known, String(host.guest(known.domid).usedKib));
}

const told = (host: VectorHost): unknown[] =>
  host.takeWrites().map(({ tMs, domid, key, value }) => [tMs, domid, key, value]);

describe("a balance", () => {
  test("writes maxmem, the target less 16 MiB, and static-max of a hotplug domain", () => {
    const { host, state } = hostOf(1_048_576, { actualMib: 1000, usedMib: 1000, hotplug: true });
    reportAll(host, state);
    host.drive(rebalance(state));
    expect(told(host)).toEqual([
      [0, 1, "maxmem", 2_012_260],
      [0, 1, "memory/target", "1994852"],
      [0, 1, "memory/static-max", "2011236"],
    ]);
    expect(state.find(1)?.lastTargetBytes).toBe(2_059_506_517);
    expect(host.logLines).toContain("mem-set domain 1 to 2059506517");
    // what was promised is not free any more: the same balance again finds nothing to do
    host.drive(rebalance(state));
    expect(told(host)).toEqual([]);
  });

  test("leaves small adjustments alone: nobody can give, or what would suffice is kept", () => {
    const { host, state } = hostOf(52_000, { actualMib: 2000, usedMib: 2000 });
    reportAll(host, state);
    host.drive(rebalance(state));
    expect(told(host)).toEqual([]);
    expect(host.explanations.get(1)).toBe("floor");
    const { host: near, state: nearly } = hostOf(52_000, { actualMib: 2000, usedMib: 1560 });
    reportAll(near, nearly);
    near.drive(rebalance(nearly));
    expect(told(near)).toEqual([]);
    expect(near.explanations.get(1)).toBe("rest-zone");
  });

  test("waits for a donor, marks it if it is stuck, and gives what is there", () => {
    const { host, state } = hostOf(
      61_440,
      { actualMib: 800, usedMib: 100, kind: "stuck" },
      { actualMib: 500, usedMib: 600 },
    );
    reportAll(host, state);
    host.drive(rebalance(state));
    expect(told(host).slice(2)).toEqual([
      [500, 2, "maxmem", 522_787],
      [500, 2, "memory/target", "505379"],
    ]);
    expect([state.find(1)?.noProgress, state.find(1)?.slow]).toEqual([true, false]);
    expect(host.logLines.some((line) => line.startsWith("dom '1' did not react to memory request"))).toBe(true);
    expect(host.explanations.get(2)).toBe("stuck-donor");
    // it keeps its mark, and the other starves for that reason
    host.drive(rebalance(state));
    expect([state.find(1)?.noProgress, host.explanations.get(2)]).toEqual([true, "stuck-donor"]);
    // the mark ends once it needs more than it has
    state.report(state.find(1) as never, String(700 * KIB_PER_MIB));
    host.drive(rebalance(state));
    expect(state.find(1)?.noProgress).toBe(false);
  });

  test("marks a donor that moves too slowly as slow", () => {
    const { host, state } = hostOf(
      61_440,
      { actualMib: 800, usedMib: 100, rateKibPerS: 10_240 },
      { actualMib: 500, usedMib: 600 },
    );
    reportAll(host, state);
    host.drive(rebalance(state));
    expect([state.find(1)?.noProgress, state.find(1)?.slow]).toEqual([false, true]);
  });

  test("tells the needy when its turn comes, that it is at its maximum, or that it was not heard", () => {
    const { host, state } = hostOf(
      61_440,
      { actualMib: 500, usedMib: 100 },
      { actualMib: 500, usedMib: 1000 },
      { actualMib: 400, usedMib: 1000, maxMib: 400 },
      { actualMib: 400, usedMib: 1000 },
    );
    for (const domid of [1, 2, 3]) state.report(state.find(domid) as never, String(host.guest(domid).usedKib));
    host.drive(rebalance(state));
    expect([1, 2, 3, 4].map((domid) => host.explanations.get(domid))).toEqual([
      "reported",
      "next-turn",
      "maxmem",
      "not-reporting",
    ]);
  });

  test("passes over a domain that went while it waited", () => {
    const { host, state } = hostOf(
      61_440,
      { actualMib: 800, usedMib: 100, kind: "stuck" },
      { actualMib: 500, usedMib: 600 },
    );
    reportAll(host, state);
    host.plan(250, () => {
      host.guests.splice(1, 1);
      host.store.release(2);
    });
    host.drive(rebalance(state));
    expect(told(host).map((write) => (write as unknown[])[1])).toEqual([1, 1]);
    expect(state.readDomains()).toEqual([]);
    expect([...state.domains].map(({ domid }) => domid)).toEqual([1]);
  });
});

describe("a request", () => {
  test("is met at once where 25 MiB stay free beside it", () => {
    const { host, state } = hostOf(1_048_576, { actualMib: 1000, usedMib: 1000 });
    // 1,065,420,886 bytes are free
    expect(host.drive(requestMemory(state, 1_065_420_886 - 25 * MIB))).toBe(null);
    expect(told(host)).toEqual([]);
  });

  test("borrows, and waits until the memory is there", () => {
    const { host, state } = hostOf(61_440, { actualMib: 1000, usedMib: 100 });
    reportAll(host, state);
    expect(host.drive(requestMemory(state, 200 * MIB))).toBe(null);
    // 102.4 MiB a tick: the third look finds enough
    expect(host.nowMs).toBe(200);
    expect(host.freeKib).toBeGreaterThan(225 * KIB_PER_MIB);
  });

  test("fails where nobody has so much, where a donor is stuck, and where memory comes too slowly", () => {
    const { host: poor, state: ofPoor } = hostOf(61_440, { actualMib: 300, usedMib: 200 });
    reportAll(poor, ofPoor);
    expect([poor.drive(requestMemory(ofPoor, 100 * MIB)), poor.nowMs]).toEqual(["floor", 0]);

    const { host: stuck, state: ofStuck } = hostOf(61_440, { actualMib: 900, usedMib: 200, kind: "stuck" });
    reportAll(stuck, ofStuck);
    expect([stuck.drive(requestMemory(ofStuck, 100 * MIB)), stuck.nowMs]).toEqual(["stuck-donor", 100]);
    expect(stuck.logLines).toContain("domain 1 stuck at 943718400");

    const { host: slow, state: ofSlow } = hostOf(61_440, { actualMib: 3000, usedMib: 200, rateKibPerS: 51_200 });
    reportAll(slow, ofSlow);
    expect([slow.drive(requestMemory(ofSlow, 1000 * MIB)), slow.nowMs]).toEqual(["stuck-donor", 3000]);
  });
});

describe("wishes", () => {
  test("are met when a domain is within a tenth; one that never reported keeps what it has", () => {
    const { host, state } = hostOf(61_440, { actualMib: 1000, usedMib: 100 }, { actualMib: 500, usedMib: 100 });
    const wishes = [
      { domid: 1, bytes: 500 * MIB },
      { domid: 2, bytes: 0 },
    ];
    expect(host.drive(setMemory(state, wishes))).toBe(true);
    // 102.4 MiB a tick: 590.4 MiB are more than 552.5, 500 are not
    expect(host.nowMs).toBe(500);
    expect(told(host).every((write) => (write as unknown[])[1] === 1)).toBe(true);
  });

  test("fail where less than 100 MiB come in nine looks, and where there are none", () => {
    const { host, state } = hostOf(61_440, { actualMib: 2000, usedMib: 100, rateKibPerS: 40_960 });
    expect([host.drive(setMemory(state, [{ domid: 1, bytes: 500 * MIB }])), host.nowMs]).toEqual([false, 3000]);
    expect(host.logLines).toContain("slow transfer speed of 36MiB/s on the last second");
    expect(host.drive(setMemory(state, []))).toBe(false);
    expect(() => host.drive(setMemory(state, [{ domid: 9, bytes: 1 }]))).toThrow(
      "domid: expected a domain of the host, got 9",
    );
  });
});

describe("its life", () => {
  const request = (more: Partial<StartRequest>, answers: unknown[]): StartRequest => ({
    name: "work",
    type: "pvh",
    memoryKib: 400 * KIB_PER_MIB,
    minimumKib: 400 * KIB_PER_MIB,
    maximumKib: 4000 * KIB_PER_MIB,
    videoramKib: 0,
    vcpus: 2,
    grant: (kib) => answers.push(["granted", kib]),
    refuse: (...refused) => answers.push(refused),
    ...more,
  });

  test("balances at each report, not at an empty one", () => {
    const { host } = hostOf(1_048_576, { actualMib: 1000, usedMib: 1000 });
    const report = (text: string): void => {
      host.store.write(1, "memory/meminfo", text);
      host.post({ kind: "meminfo", domid: 1 });
    };
    host.plan(100, () => report(""));
    host.plan(200, () => report("1024000"));
    host.plan(300, () => host.post({ kind: "meminfo", domid: 8 }));
    host.drive(qmemman().run(host), 1000);
    expect(told(host)).toEqual([
      [200, 1, "maxmem", 2_012_260],
      [200, 1, "memory/target", "1994852"],
    ]);
  });

  test("starts a guest with what Xen needs beside its memory, or refuses it in Qubes' words", () => {
    // pvh of 400 MiB: 4 MiB, 1.5 for each CPU, 8 KiB for each of 4000 MiB: 438.25 MiB, and 25 that stay free
    const free = Math.ceil((463.25 * KIB_PER_MIB * 1.00781) / 4) * 4;
    const answers: unknown[] = [];
    const { host } = hostOf(free, { actualMib: 1000, usedMib: 900 });
    host.post({ kind: "start", request: request({}, answers) });
    host.post({ kind: "start", request: request({ type: "hvm" }, answers) });
    host.post({ kind: "start", request: request({ type: "pv", memoryKib: 431 * KIB_PER_MIB }, answers) });
    host.drive(qmemman().run(host), 10);
    expect(answers).toEqual([
      ["granted", 400 * KIB_PER_MIB],
      ["floor", "Not enough memory to start domain 'work'"],
      ["granted", 431 * KIB_PER_MIB],
    ]);
  });

  test("reads the list of domains after a start, before the next report", () => {
    const { host } = hostOf(2_048_000, { actualMib: 1000, usedMib: 1000 });
    const grant = (kib: number): number => {
      host.introduce({ domid: 2, actualKib: kib, usedKib: kib, rateKibPerS: 1000, kind: "ideal" });
      host.store.write(2, "memory/static-max", "4096000");
      host.store.write(2, "memory/meminfo", String(kib));
      return 2;
    };
    host.post({ kind: "start", request: request({ grant }, []) });
    host.post({ kind: "meminfo", domid: 2 });
    host.drive(qmemman().run(host), 10);
    expect(told(host).some((write) => (write as unknown[])[1] === 2)).toBe(true);
  });
});
