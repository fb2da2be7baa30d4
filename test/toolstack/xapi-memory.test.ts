/** Xapi's sums for a VM, with numbers worked out by hand, and its rules for the five limits. */
import { describe, expect, test } from "vitest";
import {
  areLimitsPinned,
  areLimitsValid,
  type MemoryLimits,
  resetLimits,
  transformLimits,
  type VmMemory,
  vmSums,
} from "xen-balloon/core";

const vm: VmMemory = { type: "hvm", staticMaxMib: 300, targetMib: 200, videoMib: 10, vcpus: 2, shadowMultiplier: 1 };

describe("the sums of a VM", () => {
  test("hvm: shadow memory of 512 and 600 pages in whole MiB, and three MiB for Xen", () => {
    expect(vmSums(vm)).toEqual({
      buildMaxMib: 290,
      buildStartMib: 190,
      xenMaxMib: 301,
      shadowMib: 5,
      requiredHostFreeMib: 208,
      overheadMib: 8,
      buildClaimPages: 190 * 256,
    });
    expect(vmSums({ ...vm, type: "pvh" })).toEqual(vmSums(vm));
  });

  test("pv: Xen keeps nothing of its own in maxmem", () => {
    expect(vmSums({ ...vm, type: "pv" })).toMatchObject({ xenMaxMib: 300, shadowMib: 5, overheadMib: 7 });
  });

  test("pv in pvh: the Xen inside has 23 MiB and one for each 90", () => {
    expect(vmSums({ ...vm, type: "pv-in-pvh" })).toMatchObject({
      buildMaxMib: 290 + 26,
      buildStartMib: 190 + 25,
      xenMaxMib: 301 + 26,
      overheadMib: 8 + 26,
      requiredHostFreeMib: 208 + 26,
    });
  });

  test("the multiplier of the shadow memory is rounded down, to one MiB at least", () => {
    expect(vmSums({ ...vm, shadowMultiplier: 1.5 }).shadowMib).toBe(7);
    expect(vmSums({ ...vm, shadowMultiplier: 0.1 }).shadowMib).toBe(1);
  });

  test("more than four vCPUs need another MiB beside their shadow memory", () => {
    expect(vmSums({ ...vm, vcpus: 4 }).overheadMib).toBe(3 + 7);
    expect(vmSums({ ...vm, vcpus: 8 }).overheadMib).toBe(4 + 11);
  });
});

describe("limits", () => {
  const limits = (...[staticMin, dynamicMin, target, dynamicMax, staticMax]: number[]): MemoryLimits =>
    ({ staticMin, dynamicMin, target, dynamicMax, staticMax }) as MemoryLimits;

  test("are valid in order; the target does not matter", () => {
    expect(areLimitsValid(limits(1, 2, 99, 3, 4))).toBe(true);
    for (const wrong of [limits(2, 1, 2, 3, 4), limits(1, 3, 2, 2, 4), limits(1, 2, 3, 5, 4)]) {
      expect(areLimitsValid(wrong)).toBe(false);
    }
  });

  test("are pinned without a range", () => {
    expect([areLimitsPinned(limits(1, 3, 3, 3, 4)), areLimitsPinned(limits(1, 2, 2, 3, 4))]).toEqual([true, false]);
  });

  test("are brought into order from outside in", () => {
    expect(transformLimits(limits(10, 5, 99, 50, 40))).toEqual(limits(10, 10, 40, 40, 40));
    expect(transformLimits(limits(10, 45, 1, 50, 40))).toEqual(limits(10, 40, 40, 40, 40));
    expect(transformLimits(limits(10, 20, 1, 30, 40))).toEqual(limits(10, 20, 20, 30, 40));
  });

  test("that are upside down stay as they are", () => {
    expect(transformLimits(limits(10, 30, 20, 20, 40))).toBeNull();
    expect(transformLimits(limits(40, 20, 20, 30, 10))).toBeNull();
  });

  test("without ballooning are all static-max", () => {
    expect(resetLimits(limits(10, 20, 25, 30, 40))).toEqual(limits(10, 40, 40, 40, 40));
    expect(resetLimits(limits(50, 20, 25, 30, 40))).toEqual(limits(40, 40, 40, 40, 40));
  });
});
