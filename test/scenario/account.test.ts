/** The account of a run says why Xen gave less than it was asked for, and what a table shows. */
import { describe, expect, test } from "vitest";
import { BalloonError, ENOMEM } from "../../src/host/errors.js";
import { refusalReason } from "../../src/host/refusals.js";
import { createMachine } from "../../src/index.js";
import { tellScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";

/** A guest of 4096 pages that has given back half of them, on a machine that has 3952 frames free then. */
const HALVED = ["config nr_pages=4096 max_pfn=4096 host_pages=6000", "boot", "target 2048", "run"];

describe.each(engines)("%s", (_, makeMachine) => {
  function tell(...lines: readonly string[]): string[] {
    return [...tellScript(parseScript(lines.join("\n")), makeMachine)];
  }

  /** The remarks on Xen in the line of the last operation. */
  function shortCalls(...lines: readonly string[]): string[] {
    const told = tell(...HALVED, ...lines);
    const last = told[told.indexOf("At the end") - 2];
    return last.split(/ {2}|; /).filter((remark) => remark.startsWith("Xen gave"));
  }

  test.each<[string, string[], string[]]>([
    [
      "the machine has no free frame",
      ["host_take 9999", "target 4096", "advance 3000"],
      ["Xen gave nothing in 2 calls: the machine has no free frame"],
    ],
    [
      "the domain holds as many as it may",
      ["max_pages 2048", "target 4096", "advance 3000"],
      ["Xen gave nothing in 2 calls: the domain's limit (2,048 pages) is reached"],
    ],
    [
      "it holds more than it may",
      ["max_pages 100", "target 4096", "run"],
      ["Xen gave nothing in 1 call: the domain's limit (100 pages) is reached"],
    ],
    [
      "the limit is met in the middle of a batch",
      ["max_pages 2100", "target 4096", "run"],
      [
        "Xen gave a part in 1 call: the domain's limit (2,100 pages) is reached",
        "Xen gave nothing in 1 call: the domain's limit (2,100 pages) is reached",
      ],
    ],
    [
      "the last free frame goes in the middle of a batch",
      ["host_take 3900", "target 4096", "run"],
      [
        "Xen gave a part in 1 call: the machine has no free frame",
        "Xen gave nothing in 1 call: the machine has no free frame",
      ],
    ],
    [
      "both at once: the limit, which populate asks first",
      ["host_take 9999", "max_pages 2048", "target 4096", "run"],
      ["Xen gave nothing in 1 call: the domain's limit (2,048 pages) is reached"],
    ],
    [
      "a fault answers, whatever the machine has",
      ["fail populate -12 1", "target 4096", "run"],
      ["Xen gave nothing in 1 call: as injected, answered -12"],
    ],
    [
      "a fault answers 0",
      ["fail populate 0 2", "target 4096", "advance 3000"],
      ["Xen gave nothing in 2 calls: as injected, answered 0"],
    ],
    [
      "a fault cuts batches, then the last of the frames is met",
      ["host_take 3742", "partial 100 2", "target 4096", "run"],
      [
        "Xen gave a part in 2 calls: as injected",
        "Xen gave a part in 1 call: the machine has no free frame",
        "Xen gave nothing in 1 call: the machine has no free frame",
      ],
    ],
    [
      "a fault allows more than the domain's limit does",
      ["max_pages 2100", "partial 100 1", "target 4096", "run"],
      [
        "Xen gave a part in 1 call: the domain's limit (2,100 pages) is reached",
        "Xen gave nothing in 1 call: the domain's limit (2,100 pages) is reached",
      ],
    ],
    [
      "first a fault, then the limit, over several tries",
      ["fail populate -12 1", "max_pages 2048", "target 4096", "advance 7000"],
      [
        "Xen gave nothing in 1 call: as injected, answered -12",
        "Xen gave nothing in 2 calls: the domain's limit (2,048 pages) is reached",
      ],
    ],
    ["nothing is short", ["target 4096", "run"], []],
    ["an exact fit is not short", ["host_take 1904", "max_pages 4096", "target 4096", "run"], []],
  ])("%s", (_case, lines, remarks) => {
    expect(shortCalls(...lines)).toEqual(remarks);
  });

  test("a run that is cancelled tells its tries, those of the operations before as well", () => {
    const told = tell(
      ...HALVED,
      "host_take 9999",
      "set max_retry_count 3",
      "target 4096",
      "advance 3000",
      "advance 60000",
      "target 4096",
      "settle",
    );
    const cancelled = told.filter((line) => line.includes("cancelled"));
    expect(cancelled).toEqual([
      expect.stringMatching(/advance 60000 .*; cancelled after 3 tries, 2,048 pages \(8\.00 MiB\) to get from Xen$/),
      expect.stringMatching(/settle .*; cancelled after 3 tries, 2,048 pages \(8\.00 MiB\) to get from Xen$/),
    ]);
  });

  test("the watermark that keeps pages is named, and a guest without a free page has none", () => {
    const config = "config max_pfn=1024 nr_pages=1024";
    const kept = tell(`${config} watermark=600`, "boot", "target 100", "run");
    expect(kept).toContainEqual(
      expect.stringMatching(/run .*the guest has no page to spare: its watermark keeps 600 pages \(2\.34 MiB\), /),
    );
    const empty = tell(config, "boot", "guest_alloc 9999 1", "target 100", "run");
    expect(empty).toContainEqual(expect.stringMatching(/run .*the guest has no free page, 924 pages/));
  });

  test("a driver that counts other pages than Xen says so where the difference changes", () => {
    const told = tell("config domain=hvm max_pfn=1024 hole=100,24", "boot", "target 512", "settle");
    expect(told.filter((line) => line.includes("what the domain holds"))).toEqual([
      expect.stringMatching(/ boot .*; current_pages is 24 pages \(96 KiB\) above what the domain holds$/),
    ]);
  });

  test("memory that cannot be added is told with the answer", () => {
    const told = tell(
      "config max_pfn=1024 nr_pages=1024 pfn_limit=4096 hotplug=1 section=1024",
      "boot",
      "fail add_memory -17 2",
      "target 2000",
      "advance 3000",
    );
    expect(told).toContainEqual(
      expect.stringMatching(/advance .* add_memory failed \(-17 EEXIST, a range in the way\) in 2 calls; /),
    );
  });

  test("a decrease that lied is told beside its BUG", () => {
    const told = tell("config max_pfn=1024 nr_pages=1024", "boot", "fail decrease 437 1", "target 100", "run");
    expect(told).toContainEqual(expect.stringMatching(/run .* Xen took 437 of 512 pages, as injected; BUG_ON\(/));
  });

  test("max_pages stands in the header, and in the table as it is at the end", () => {
    const told = tell("config max_pfn=100 nr_pages=100 max_pages=90 host_pages=200", "boot", "max_pages 80");
    expect(told[0]).toBe("guest    pv, memory up to 100 pages (400 KiB), max_pages 90 pages (360 KiB), 1 CPU");
    expect(told).toContainEqual(expect.stringMatching(/^max_pages +80 pages +320 KiB$/));
  });

  test("where a BUG ended the guest, the table's heading names the operation it shows", () => {
    const told = tell(
      "config max_pfn=1024 nr_pages=1024",
      "# a CPU without a scratch page",
      "boot",
      "on_cpu 3",
      "target 100",
      "run",
    );
    const heading = "After operation 3, target 100 (line 5): the last before the BUG_ON";
    expect(told).toContain(heading);
    expect(told.slice(told.indexOf(heading))).toContainEqual(expect.stringMatching(/^target_pages +100 pages /));
  });

  test("an array that the guest has no pages for", () => {
    const told = tell(
      "config max_pfn=100 nr_pages=100",
      "boot",
      "balloon_alloc a 5000 0",
      "guest_alloc 99999999 1",
      "guest_alloc 99999999 1",
    );
    expect(told).toContainEqual(
      expect.stringMatching(/balloon_alloc a 5000 0 .*ENOMEM: the guest has no more pages to give/),
    );
    expect(told).toContainEqual(expect.stringMatching(/ {2}0 pages of 99,999,999$/));
  });
});

test("the API refuses in the words of the account", async () => {
  await using machine = await createMachine({ hostPages: 100 });
  const guest = await machine.boot({ maxPfn: 100 });
  const error = await guest.takeBallooned(5000).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(BalloonError);
  expect(error.message).toBe(`ENOMEM: ${refusalReason("balloon_alloc", ENOMEM)}: asked for 5000 pages`);
});
