/** Libxl's mem-set and mem-max. */
import { expect, test } from "vitest";
import { memMax, memSet } from "xen-balloon/core";
import { policyHost } from "../../../support/policy-host.js";

const keys = { "memory/target": 300_000, "memory/static-max": 500_000, "memory/videoram": 8000 };
const hostOf = () =>
  policyHost({ totalKib: 9_000_000 }, [
    { domid: 0, actualKib: 400_000, keys: { "memory/target": 400_000 } },
    { domid: 1, actualKib: 308_000, keys },
    { domid: 2, actualKib: 1000 },
  ]);

test("mem-set keeps the video memory out of the target, and 1 MiB more in maxmem", () => {
  const host = hostOf();
  expect(memSet(host, 1, 400_000)).toEqual({ ok: true, targetKib: 392_000 });
  expect(host.store.read(1, "memory/target")).toBe("392000");
  expect(host.guest(1).maxmemKib).toBe(401_024);
});

test("mem-set refuses more than static-max, less than 128 MiB for dom0, and a domain without target", () => {
  const host = hostOf();
  expect(memSet(host, 1, 508_000).ok).toBe(true);
  expect(memSet(host, 1, 508_004)).toEqual({ ok: false, problem: "above-static-max" });
  expect(memSet(host, 0, 131_071)).toEqual({ ok: false, problem: "dom0-minimum" });
  expect(memSet(host, 0, 131_072).ok).toBe(true);
  expect(memSet(host, 2, 2000)).toEqual({ ok: false, problem: "no-target" });
  expect([host.store.read(1, "memory/target"), host.guest(1).maxmemKib]).toEqual(["500000", 509_024]);
});

test("mem-max moves static-max and maxmem, not below the target", () => {
  const host = hostOf();
  expect(memMax(host, 1, 299_999)).toEqual({ ok: false, problem: "below-target" });
  expect(host.store.read(1, "memory/static-max")).toBe("500000");
  expect(memMax(host, 1, 300_000).ok).toBe(true);
  expect([host.store.read(1, "memory/static-max"), host.guest(1).maxmemKib]).toEqual(["300000", 301_024]);
  expect(memMax(host, 2, 2000)).toEqual({ ok: false, problem: "no-target" });
});
