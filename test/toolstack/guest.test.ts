/** The guest's side: its watch of memory/target, its attributes in sysfs, and what it reports. */
import { describe, expect, test } from "vitest";
import {
  BalloonWatch,
  figuresOf,
  MeminfoWriter,
  pagesOfTarget,
  pagesOfTargetKb,
  type SysfsDriver,
  swapinfoText,
  sysfsFiles,
  type WatchGeneration,
} from "xen-balloon/core";

describe("the watch of memory/target", () => {
  const watchOf = (generation: WatchGeneration, keys: Record<string, string> = {}, sameCount = false): BalloonWatch =>
    new BalloonWatch({
      generation,
      sameCount,
      read: (key) => keys[key],
      counts: () => ({ targetPages: 900, currentPages: 850 }),
    });

  test("of 2013 takes whole pages as they are", () => {
    const watch = watchOf("2013", { "memory/static-max": "4000" });
    expect(["4000", "4003", "0", "3"].map((text) => watch.event(text))).toEqual([1000, 1000, 0, 0]);
  });

  test("reads the digits at the start, after spaces; where there are none, nothing happens", () => {
    const watch = watchOf("2013");
    expect(["4000 KiB", " 4000", "4000\n", "0x10"].map((text) => watch.event(text))).toEqual([1000, 1000, 1000, 0]);
    expect(["", "-4", "x", "k4000", undefined].map((text) => watch.event(text))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    // 2^64 + 4000 wraps
    expect(watch.event("18446744073709555616")).toBe(1000);
  });

  test("of today leaves out what the driver never counted, found at the first target", () => {
    const keys = { "memory/static-max": "4000" };
    const watch = watchOf("modern", keys);
    expect(watch.event("none")).toBe(null);
    expect([watch.event("4000"), watch.differencePages]).toEqual([900, 100]);
    // nobody looks at static-max again
    keys["memory/static-max"] = "8000";
    expect([watch.event("2000"), watch.differencePages]).toEqual([400, 100]);
    // 99 pages less 100
    expect(watch.event("396")).toBe(2 ** 64 - 1);
  });

  test.each<[string, WatchGeneration, Record<string, string>, number]>([
    ["xend's key stands for libxl's", "modern", { "memory/memory_static_max": "4400" }, 200],
    ["without either, the pages that the guest has", "modern", {}, -50],
    ["before that, the new target", "4.13", {}, 100],
  ])("%s", (_, generation, keys, difference) => {
    const watch = watchOf(generation, keys);
    expect([watch.event("4000"), watch.differencePages]).toEqual([1000 - difference, difference]);
  });

  test("a PV guest and dom0 count as Xen does", () => {
    const watch = watchOf("modern", { "memory/static-max": "8000" }, true);
    expect([watch.event("4000"), watch.differencePages]).toEqual([1000, 0]);
  });
});

describe("sysfs", () => {
  test.each<[text: string, kb: number, bytes2013: number, bytesModern: number]>([
    ["40960", 10_240, 10, 10],
    ["0x5000\n", 5120, 5, 5],
    ["020000", 2048, 2, 2],
    ["09", 0, 0, 0],
    ["12k", 3, 3, 3],
    ["3M", 0, 768, 768],
    ["3m9", 0, 768, 768],
    ["3 M", 0, 0, 0],
    ["2t", 0, 0, 536_870_912],
    ["16E", 4, 0, 0],
    ["-4096", 0, 0, 0],
    ["", 0, 0, 0],
    ["0x", 0, 0, 0],
    ["18446744073709551616", 0, 0, 0],
  ])("%j", (text, kb, bytes2013, bytesModern) => {
    expect([pagesOfTargetKb(text), pagesOfTarget(text, "2013"), pagesOfTarget(text, "modern")]).toEqual([
      kb,
      bytes2013,
      bytesModern,
    ]);
  });

  const driverOf = (): SysfsDriver => ({
    targetPages: 256,
    currentPages: 512,
    lowPages: 100,
    highPages: 3,
    scheduleDelaySeconds: 4,
    retryCount: 2,
    maxScheduleDelaySeconds: 32,
    maxRetryCount: 0,
    scrub: true,
  });

  test("shows the driver's figures in the kernel's formats, with the kernel's permissions", () => {
    const shown = Object.entries(sysfsFiles("modern", driverOf())).map(([path, file]) => [
      path,
      file.mode.toString(8),
      file.read(),
    ]);
    expect(shown).toEqual([
      ["target", "644", "1048576\n"],
      ["target_kb", "644", "1024\n"],
      ["schedule_delay", "444", "4\n"],
      ["max_schedule_delay", "644", "32\n"],
      ["retry_count", "444", "2\n"],
      ["max_retry_count", "644", "0\n"],
      ["scrub_pages", "644", "1\n"],
      ["info/current_kb", "444", "2048\n"],
      ["info/low_kb", "444", "400\n"],
      ["info/high_kb", "444", "12\n"],
    ]);
    expect(sysfsFiles("2013", driverOf()).scrub_pages).toBeUndefined();
    expect(sysfsFiles("2013", driverOf()).retry_count?.write).toBeUndefined();
  });

  test("a target takes any text, from an administrator alone", () => {
    const driver = driverOf();
    const { target, target_kb } = sysfsFiles("2013", driver);
    expect([target_kb?.write?.("4000\n", false), driver.targetPages]).toEqual(["EPERM", 256]);
    expect([target_kb?.write?.("4000\n"), driver.targetPages]).toEqual([null, 1000]);
    expect([target?.write?.("1M"), driver.targetPages]).toEqual([null, 256]);
    expect([target?.write?.("everything"), driver.targetPages]).toEqual([null, 0]);
  });

  test.each<["2013" | "modern", string, string | null, number]>([
    ["2013", "8", null, 8],
    ["2013", "0x10s", null, 16],
    ["2013", "none", "EINVAL", 32],
    ["2013", "", "EINVAL", 32],
    ["modern", "+8\n", null, 8],
    ["modern", "010", null, 8],
    ["modern", "0x10s", "EINVAL", 32],
    ["modern", " 8", "EINVAL", 32],
    ["modern", "18446744073709551616", "ERANGE", 32],
  ])("max_schedule_delay of %s: %j", (generation, text, error, seconds) => {
    const driver = driverOf();
    const answer = sysfsFiles(generation, driver).max_schedule_delay?.write?.(text);
    expect([answer, driver.maxScheduleDelaySeconds]).toEqual([error, seconds]);
  });

  test.each<[string, string | null, boolean]>([
    ["0", null, false],
    ["no\n", null, false],
    ["off", null, false],
    ["on", null, true],
    ["Y", null, true],
    ["o", "EINVAL", true],
    ["2", "EINVAL", true],
  ])("scrub_pages: %j", (text, error, scrub) => {
    const driver = driverOf();
    expect([sysfsFiles("modern", driver).scrub_pages?.write?.(text), driver.scrub]).toEqual([error, scrub]);
  });
});

describe("the meminfo-writer", () => {
  test("counts what is neither free nor cache, and swap in use", () => {
    const sample = {
      memTotalKib: 900_000,
      memFreeKib: 300_000,
      buffersKib: 20_000,
      cachedKib: 80_000,
      swapTotalKib: 50_000,
      swapFreeKib: 40_000,
      currentKib: 1_000_000,
    };
    expect(figuresOf(sample)).toEqual({ usedKib: 610_000, totalKib: 1_000_000, swapKib: 10_000 });
    expect(figuresOf({ ...sample, currentKib: 0 })).toEqual({ usedKib: 510_000, totalKib: 900_000, swapKib: 10_000 });
    expect([swapinfoText(10_000), swapinfoText(0), swapinfoText(-1)]).toEqual(["10000", "0", null]);
  });

  test("tells changes of more than 30,000 KiB since it last told", () => {
    const writer = new MeminfoWriter();
    const told = [500_000, 530_000, 530_001, 500_001, 500_000, -1].map((used) => writer.sample(used, 4_000_000));
    expect(told).toEqual(["500000", null, "530001", null, "500000", null]);
  });

  test("near to full it tells growth of more than half of that", () => {
    const writer = new MeminfoWriter();
    // near to full from 769,250 on: a tenth of that is above 76,924, a thirteenth of all
    const told = [750_000, 769_249, 769_250, 784_250, 784_251, 764_251].map((used) => writer.sample(used, 1_000_000));
    expect(told).toEqual(["750000", null, "769250", null, "784251", null]);
  });

  test("a told 0 counts as nothing told", () => {
    const writer = new MeminfoWriter();
    expect([0, 0, 1000, 1001].map((used) => writer.sample(used, 4_000_000))).toEqual(["0", "0", "1000", null]);
  });
});
