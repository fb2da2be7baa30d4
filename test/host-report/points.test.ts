/** Cases become curves of points, and the points tell which size is enough and which tells most. */
import { describe, expect, test } from "vitest";
import {
  curvesOf,
  enoughFrom,
  isEnough,
  pointsAt,
  rangeOf,
  shortKibMs,
  tellingSize,
} from "../../apps/host/report/points.js";
import type { HostOutcome } from "../../src/toolstack/outcome.js";
import { absentGuest, caseOf, failedCase, GIB_KIB, HOUR_MS, outcomeOf, refusalOf } from "../support/host-outcomes.js";

/** A host whose only guest is short of so many GiB for an hour. */
function hostShortOf(gib: number, totalGib: number, change: Partial<HostOutcome> = {}): HostOutcome {
  const guest = { name: "a", usedKib: [2 * GIB_KIB], heldKib: [(2 - gib) * GIB_KIB] };
  return outcomeOf([guest], { totalKib: totalGib * GIB_KIB, ...change });
}

describe("curves", () => {
  test("have a point for each size, ascending, and a run for each speed", () => {
    const cases = [
      caseOf(hostShortOf(1, 96, { usPerPage: 86 })),
      caseOf(hostShortOf(0.5, 96)),
      caseOf(hostShortOf(1.5, 48)),
      caseOf(hostShortOf(0, 48, { policy: "keep" })),
    ];
    const curves = curvesOf(cases);
    expect(curves.map(({ label }) => label)).toEqual(["squeezed", "keep"]);
    const [small, large] = curves[0].points;
    expect([small.totalKib, large.totalKib]).toEqual([48 * GIB_KIB, 96 * GIB_KIB]);
    expect(large.runs.map(({ outcome }) => outcome.usPerPage)).toEqual([4.3, 86]);
    const [half, whole] = [0.5, 1].map((gib) => gib * GIB_KIB * HOUR_MS);
    expect(rangeOf(large, shortKibMs)).toEqual({ value: half, low: half, high: whole });
  });

  test("leave out what could not be run, and leave out what ran on without its policy, and refuse two cases for one place", () => {
    const outcome = hostShortOf(1, 48);
    expect(curvesOf([failedCase(outcome, "no")])).toEqual([{ label: "squeezed", points: [] }]);
    const failed = caseOf({ ...outcome, policyFailure: "squeezed failed at 9 ms: oops" });
    expect(curvesOf([failed])).toEqual([{ label: "squeezed", points: [] }]);
    expect(() => curvesOf([caseOf(outcome, { id: "x" }), caseOf(outcome, { id: "y" })])).toThrow(
      'curve "squeezed": expected one case with 50331648 KiB and 4.3 µs a page, got x and y',
    );
  });
});

describe("enough", () => {
  const pointOf = (outcome: HostOutcome) => curvesOf([caseOf(outcome)])[0].points[0];
  const fed = { name: "a", usedKib: [GIB_KIB], heldKib: [GIB_KIB] };

  test.each<[string, HostOutcome]>([
    ["short", hostShortOf(0.001, 48)],
    ["absent", outcomeOf([fed, absentGuest("late", 1)])],
    ["refused", outcomeOf([fed], { starts: [refusalOf("late")] })],
    ["ended", outcomeOf([{ ...fed, other: { ended: "BUG_ON" } }])],
  ])("is no host where a guest is %s", (_, outcome) => {
    expect(isEnough(pointOf(outcome))).toBe(false);
  });

  test("is one where all is well, from the size on from which it stays so", () => {
    expect(isEnough(pointOf(outcomeOf([fed])))).toBe(true);
    const curve = (...shorts: number[]) =>
      curvesOf(shorts.map((short, at) => caseOf(hostShortOf(short, 16 * (at + 1)))))[0].points;
    expect(enoughFrom(curve(1, 0, 0))).toBe(32 * GIB_KIB);
    expect(enoughFrom(curve(0, 1, 0))).toBe(48 * GIB_KIB);
    expect(enoughFrom(curve(0, 0))).toBe(16 * GIB_KIB);
    expect(enoughFrom(curve(0, 1))).toBeNull();
    expect(enoughFrom([])).toBeNull();
  });

  test("is none that is only for one of the speeds", () => {
    const cases = [caseOf(hostShortOf(0, 48)), caseOf(hostShortOf(1, 48, { usPerPage: 86 }))];
    expect(enoughFrom(curvesOf(cases)[0].points)).toBeNull();
  });
});

describe("the size that tells most", () => {
  test("is the one on which policies differ most", () => {
    const cases = [
      caseOf(hostShortOf(2, 32)),
      caseOf(hostShortOf(1.5, 32, { policy: "keep" })),
      caseOf(hostShortOf(0, 48)),
      caseOf(hostShortOf(1, 48, { policy: "keep" })),
      caseOf(hostShortOf(0, 64)),
      caseOf(hostShortOf(0.1, 64, { policy: "keep" })),
    ];
    const curves = curvesOf(cases);
    expect(tellingSize(curves)).toBe(48 * GIB_KIB);
    expect(pointsAt(curves, 48 * GIB_KIB).map(({ curve }) => curve)).toEqual(["squeezed", "keep"]);
  });

  test("is that of most shortage under one policy, of refusals where nobody is short, and none of nothing", () => {
    expect(tellingSize(curvesOf([caseOf(hostShortOf(1, 48)), caseOf(hostShortOf(0, 64))]))).toBe(48 * GIB_KIB);
    const refused = hostShortOf(0, 64, { starts: [refusalOf("late")] });
    expect(tellingSize(curvesOf([caseOf(hostShortOf(0, 48)), caseOf(refused)]))).toBe(64 * GIB_KIB);
    expect(tellingSize(curvesOf([failedCase(refused, "no")]))).toBeNull();
  });
});
