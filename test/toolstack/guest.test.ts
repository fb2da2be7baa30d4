/** The guest's side: its watch of memory/target, its attributes in sysfs, and what it reports. */
import { describe, expect, test } from "vitest";
import { BalloonWatch, MeminfoWriter, pagesOfTarget, pagesOfTargetKb, type WatchGeneration } from "xen-balloon/core";
import { type SysfsDriver, sysfsFiles, XenStore } from "xen-balloon/toolstack";

describe("the watch of memory/target", () => {
  /** A watch, and the targets that the driver gets of what is written to memory/target; null where it gets none. */
  function watchOf(generation: WatchGeneration, keys: Record<string, string> = {}, sameCount = false) {
    const store = new XenStore();
    store.introduce(1);
    for (const [key, text] of Object.entries(keys)) store.write(1, key, text);
    let got: number | null = null;
    const driver = {
      targetPages: 900,
      currentPages: 850,
      setTarget: (pages: number): void => {
        got = pages;
      },
    };
    const watch = new BalloonWatch(store, 1, driver, { generation, sameCount });
    const event = (text: string | undefined): number | null => {
      got = null;
      if (text === undefined) store.remove(1, "memory/target");
      else store.write(1, "memory/target", text);
      return got;
    };
    return { store, watch, event };
  }

  test("of 2013 takes whole pages as they are", () => {
    const { event } = watchOf("2013", { "memory/static-max": "4000" });
    expect(["4000", "4003", "0", "3"].map(event)).toEqual([1000, 1000, 0, 0]);
  });

  test("reads the digits at the start, after spaces; where there are none, nothing happens", () => {
    const { event } = watchOf("2013");
    expect(["4000 KiB", " 4000", "4000\n", "0x10"].map(event)).toEqual([1000, 1000, 1000, 0]);
    expect(["", "-4", "x", "k4000", undefined].map(event)).toEqual([null, null, null, null, null]);
    // 2^64 + 4000 wraps
    expect(event("18446744073709555616")).toBe(1000);
  });

  test("hears at once what is there already", () => {
    const { store } = watchOf("2013", { "memory/target": "4000" });
    const targets: number[] = [];
    const driver = { targetPages: 0, currentPages: 0, setTarget: (pages: number): number => targets.push(pages) };
    new BalloonWatch(store, 1, driver, { generation: "2013", sameCount: false });
    expect(targets).toEqual([1000]);
  });

  test("of today leaves out what the driver never counted, found at the first target", () => {
    const { store, watch, event } = watchOf("modern", { "memory/static-max": "4000" });
    expect([event("none"), watch.differencePages]).toEqual([null, 0]);
    expect([event("4000"), watch.differencePages]).toEqual([900, 100]);
    // nobody looks at static-max again
    store.write(1, "memory/static-max", "8000");
    expect([event("2000"), watch.differencePages]).toEqual([400, 100]);
    // 99 pages less 100
    expect(event("396")).toBe(2 ** 64 - 1);
  });

  test.each<[string, WatchGeneration, Record<string, string>, number]>([
    ["xend's key stands for libxl's", "modern", { "memory/memory_static_max": "4400" }, 200],
    ["without either, the pages that the guest has", "modern", {}, -50],
    ["before that, the new target", "4.13", {}, 100],
  ])("%s", (_, generation, keys, difference) => {
    const { watch, event } = watchOf(generation, keys);
    expect([event("4000"), watch.differencePages]).toEqual([1000 - difference, difference]);
  });

  test("a PV guest and dom0 count as Xen does", () => {
    const { watch, event } = watchOf("modern", { "memory/static-max": "8000" }, true);
    expect([event("4000"), watch.differencePages]).toEqual([1000, 0]);
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
  const SAMPLE = {
    memTotalKib: 900_000,
    memFreeKib: 300_000,
    buffersKib: 20_000,
    cachedKib: 80_000,
    swapTotalKib: 50_000,
    swapFreeKib: 40_000,
    currentKib: 1_000_000,
  };

  /** What a writer tells of samples of these KiB in use, of so much in all; null where it tells nothing. */
  function toldOf(currentKib: number, ...usedKib: number[]): (string | null)[] {
    let told: string | null = null;
    const writer = new MeminfoWriter((key, value) => {
      if (key === "memory/meminfo") told = value;
    });
    const idle = { ...SAMPLE, buffersKib: 0, cachedKib: 0, swapTotalKib: 0, swapFreeKib: 0 };
    return usedKib.map((used) => {
      told = null;
      writer.sample({ ...idle, currentKib, memFreeKib: currentKib - used });
      return told;
    });
  }

  test("counts what is neither free nor cache, and swap in use; swap is told each time", () => {
    const writes: string[][] = [];
    const writer = new MeminfoWriter((...write) => writes.push(write));
    writer.sample(SAMPLE);
    writer.sample({ ...SAMPLE, currentKib: 0 });
    writer.sample({ ...SAMPLE, currentKib: 0, swapFreeKib: 60_000, memFreeKib: 280_000 });
    expect(writes).toEqual([
      ["memory/meminfo", "610000"],
      ["memory/swapinfo", "10000"],
      ["memory/meminfo", "510000"],
      ["memory/swapinfo", "10000"],
    ]);
  });

  test("tells changes of more than 30,000 KiB since it last told", () => {
    const told = toldOf(4_000_000, 500_000, 530_000, 530_001, 500_001, 500_000, -1);
    expect(told).toEqual(["500000", null, "530001", null, "500000", null]);
  });

  test("near to full it tells growth of more than half of that", () => {
    // near to full from 769,250 on: a tenth of that is above 76,924, a thirteenth of all
    const told = toldOf(1_000_000, 750_000, 769_249, 769_250, 784_250, 784_251, 764_251);
    expect(told).toEqual(["750000", null, "769250", null, "784251", null]);
  });

  test("a told 0 counts as nothing told", () => {
    expect(toldOf(4_000_000, 0, 0, 1000, 1001)).toEqual(["0", "0", "1000", null]);
  });
});
