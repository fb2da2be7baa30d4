/** Libxl's sum of what a domain needs, with numbers worked out by hand. */
import { expect, test } from "vitest";
import { needMemoryKib, shadowKib } from "xen-balloon/core";

const hvm = { type: "hvm", memoryKib: 100_000, maxmemKib: 204_800, vcpus: 2 } as const;

test("shadow memory is 256 pages a vCPU, and a page a MiB of maxmem, or two without HAP", () => {
  expect(shadowKib(hvm)).toBe(4 * (512 + 200));
  expect(shadowKib({ ...hvm, maxmemKib: 205_823 })).toBe(4 * (512 + 200));
  expect(shadowKib({ ...hvm, hap: false })).toBe(4 * (512 + 400));
  expect(shadowKib({ ...hvm, type: "pv" })).toBe(0);
});

test("the need is rounded up to superpages", () => {
  // 100,000 + 2,848 + 2,048 = 104,896
  expect(needMemoryKib(hvm)).toBe(52 * 2048);
  // 100,000 + 1,024 = 101,024
  expect(needMemoryKib({ ...hvm, type: "pv" })).toBe(50 * 2048);
  expect(needMemoryKib({ ...hvm, type: "pv", memoryKib: 1024 })).toBe(2048);
  expect(needMemoryKib({ ...hvm, type: "pv", memoryKib: 1025 })).toBe(4096);
});

test("a stub domain and its video memory are counted, for domains that have one", () => {
  const stubDomain = { memoryKib: 30_000, videoKib: 5000 };
  // 139,896
  expect(needMemoryKib({ ...hvm, stubDomain })).toBe(69 * 2048);
  expect(needMemoryKib({ ...hvm, type: "pv", stubDomain })).toBe(50 * 2048);
});
