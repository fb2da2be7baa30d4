/** Squeezed's rules on one look, with numbers worked out by hand. */
import { describe, expect, test } from "vitest";
import {
  AS_SHIPPED,
  type BalloonDomain,
  hasHitTarget,
  hostOf,
  minFreeable,
} from "../../../../src/toolstack/policies/squeezed/ballooning.js";
import { isHostMemoryUnbalanced, oneIteration } from "../../../../src/toolstack/policies/squeezed/iteration.js";
import { Stuckness } from "../../../../src/toolstack/policies/squeezed/stuckness.js";
import { computeTargetAdjustments } from "../../../../src/toolstack/policies/squeezed/targets.js";

/** A domain at rest on its target. */
const domain = (domid: number, dynamicMinKib: number, targetKib: number, dynamicMaxKib: number): BalloonDomain => ({
  domid,
  canBalloon: true,
  dynamicMinKib,
  targetKib,
  dynamicMaxKib,
  actualKib: targetKib,
  inaccuracyKib: 4,
});
const goal = (hostTargetKib: number) => ({ hostTargetKib, isEnough: (freeKib: number) => freeKib >= hostTargetKib });
const decide = (freeKib: number, hostTargetKib: number, ...domains: BalloonDomain[]) =>
  oneIteration(hostOf(freeKib, domains), goal(hostTargetKib), new Stuckness(), 0);
const targets = (freeKib: number, hostTargetKib: number, domains: BalloonDomain[], switches = AS_SHIPPED) =>
  computeTargetAdjustments(hostOf(freeKib, domains), hostTargetKib, switches).map(({ targetKib }) => targetKib);

test("memory within the inaccuracy is on target", () => {
  expect([96, 95, 104, 105].map((actual) => hasHitTarget(4, actual, 100))).toEqual([true, false, true, false]);
});

test("a domain gives what it has above dynamic-min, less twice the inaccuracy", () => {
  expect(minFreeable(domain(1, 100, 300, 400), AS_SHIPPED)).toBe(192);
  expect(minFreeable(domain(1, 100, 105, 400), AS_SHIPPED)).toBe(0);
  expect(minFreeable(domain(1, 100, 300, 400), { ...AS_SHIPPED, disableInaccuracyCompensation: true })).toBe(200);
});

describe("targets", () => {
  const pair = [domain(1, 100, 300, 300), domain(2, 200, 600, 600)];

  test("take the same part of each range", () => {
    // 192 + 392 - 60 = 524 of 600: 0.8733 of 200 and of 400
    expect(targets(0, 60, pair)).toEqual([274, 549]);
    // 200 + 400 - 60 = 540 of 600: 0.9
    expect(targets(0, 60, pair, { ...AS_SHIPPED, disableInaccuracyCompensation: true })).toEqual([280, 560]);
  });

  test("are dynamic-min without any surplus, dynamic-max with more than the ranges", () => {
    expect(targets(0, 9999, pair)).toEqual([100, 200]);
    expect(targets(9999, 0, pair)).toEqual([300, 600]);
  });

  test("are dynamic-min where there is no range", () => {
    expect(targets(500, 0, [domain(1, 300, 300, 300)])).toEqual([300]);
    expect(targets(0, 500, [domain(1, 300, 300, 300)])).toEqual([300]);
    expect(targets(500, 0, [domain(1, 300, 300, 200)])).toEqual([300]);
  });
});

describe("a decision", () => {
  const giver = domain(1, 100, 300, 300);
  const taker = domain(2, 200, 300, 1000);

  test("tells only those who give while anybody has to", () => {
    // 192 + 92 - 84 = 200 of 1000: 0.2
    expect(decide(0, 84, giver, taker)).toEqual({ kind: "adjust", targets: [{ domid: 1, targetKib: 140 }] });
  });

  test("tells everybody at once with the test switch", () => {
    const both = oneIteration(hostOf(0, [giver, taker]), goal(84), new Stuckness(), 0, {
      ...AS_SHIPPED,
      disableTwoPhaseTargetSets: true,
    });
    expect(both).toEqual({
      kind: "adjust",
      targets: [
        { domid: 2, targetKib: 360 },
        { domid: 1, targetKib: 140 },
      ],
    });
  });

  test("lists the highest domid first, however the domains are listed", () => {
    const decision = decide(0, 9999, domain(7, 100, 300, 400), domain(2, 100, 300, 400), domain(5, 100, 300, 400));
    expect(decision.kind === "adjust" && decision.targets.map(({ domid }) => domid)).toEqual([7, 5, 2]);
  });

  test("is made where all is at rest: enough is free, or not", () => {
    const resting = domain(1, 100, 100, 400);
    expect(decide(50, 50, resting)).toEqual({ kind: "success" });
    expect(decide(49, 50, resting)).toEqual({ kind: "failed", domids: [] });
  });

  test("is to wait for a domain that is off its target, even without a new target", () => {
    const onTheWay = { ...domain(1, 100, 100, 400), actualKib: 105 };
    expect(decide(0, 50, onTheWay)).toEqual({ kind: "adjust", targets: [{ domid: 1, targetKib: 100 }] });
  });

  test("changes a target by 1 KiB, though that is within the inaccuracy", () => {
    // 109 KiB above dynamic-min, less 8, less 100: 1 of 300
    const almost = { ...domain(1, 100, 100, 400), actualKib: 104 };
    expect(decide(105, 104, almost)).toEqual({ kind: "adjust", targets: [{ domid: 1, targetKib: 101 }] });
  });

  test("leaves domains without driver out", () => {
    const driverless = { ...domain(3, 100, 900, 900), canBalloon: false };
    expect(decide(0, 84, giver, taker, driverless)).toEqual(decide(0, 84, giver, taker));
  });

  test("blames the stuck, highest domid first, and those without driver never", () => {
    const stuck = [2, 9].map((domid) => ({ ...domain(domid, 100, 100, 400), actualKib: 300 }));
    const host = hostOf(0, [...stuck, { ...domain(5, 100, 100, 400), actualKib: 300, canBalloon: false }]);
    const stuckness = new Stuckness();
    oneIteration(host, goal(500), stuckness, 0);
    expect(oneIteration(host, goal(500), stuckness, 5001)).toEqual({ kind: "failed", domids: [9, 2] });
  });
});

test("memory is unbalanced if a fresh decision has another target", () => {
  const unbalanced = (...domains: BalloonDomain[]) => isHostMemoryUnbalanced(hostOf(50, domains), goal(50), 0);
  expect(unbalanced(domain(1, 100, 100, 400))).toBe(false);
  expect(unbalanced({ ...domain(1, 100, 100, 400), actualKib: 150 })).toBe(true);
  // on the way to the target that it would get
  expect(unbalanced({ ...domain(1, 100, 100, 100), actualKib: 150 })).toBe(false);
});
