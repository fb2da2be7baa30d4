/** The formulas of the time that moving pages takes, on costs made up so that each part shows. */
import { expect, test } from "vitest";
import {
  bandNs,
  scrubNs,
  type VirtioCost,
  virtioDeflateNs,
  virtioInflateNs,
  XEN_BAND,
  type XenCost,
  xenDeflateNs,
  xenInflateNs,
} from "xen-balloon/core";

const xen: XenCost = {
  grade: "stated",
  source: "made up",
  allocNs: 1,
  putNs: 2,
  scrubNs: 10,
  touchUnbackedNs: 100,
  extentNs: 1000,
  pteNs: 10_000,
  callNs: 1e6,
  flushNs: 1e7,
  flushPerVcpuNs: 1e8,
  batchPages: 4,
};
const virtio: VirtioCost = {
  grade: "stated",
  source: "made up",
  unitPages: 1,
  messageNs: 1000,
  unitsPerMessage: 4,
  allocNs: 1,
  hostNs: 10,
  hostFreeTouchedNs: 100,
};

test("xen: each page, and each batch with its flushes", () => {
  const plain = { pages: 5, vcpus: 1, isScrubbed: false, isUnbacked: false, isPv: false };
  expect(xenInflateNs(xen, plain)).toBe(5 * 1001 + 2 * 11e6);
  const whole = { pages: 5, vcpus: 3, isScrubbed: true, isUnbacked: true, isPv: true };
  expect(xenInflateNs(xen, whole)).toBe(5 * 11_111 + 2 * 211e6);
  expect(xenDeflateNs(xen, { pages: 4, isPv: false })).toBe(4 * 1002 + 1e6);
  expect(xenDeflateNs(xen, { pages: 4, isPv: true })).toBe(4 * 11_002 + 1e6);
});

test("virtio: messages both ways, and on the way out the allocator's and the host's part", () => {
  expect(virtioDeflateNs(virtio, 5)).toBe(2000);
  expect(virtioInflateNs(virtio, 5, 3)).toBe(2000 + 5 * 11 + 3 * 100);
});

test("scrubbing: shared by the CPUs", () => {
  const cost = { grade: "stated", source: "made up", bytesPerSecond: 8192 } as const;
  expect(scrubNs(cost, 6, 3)).toBe(1e9);
});

test("a time on Xen is a band with both published ends", () => {
  expect(bandNs(XEN_BAND, 1000)).toEqual({ leastNs: 4_300_000, mostNs: 86_000_000 });
});
