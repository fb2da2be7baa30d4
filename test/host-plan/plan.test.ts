/** Plans of hosts: what they say, and what is wrong with one, with its line and field. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { DemandSeries } from "../../apps/demand/series.js";
import { type LoadedPlan, loadPlan } from "../../apps/host/load.js";
import { msOf } from "../../apps/host/quantity.js";
import { StudyError } from "../../apps/study/source.js";

const GIB = 2 ** 20;
const point = (timeMs: number, usedPages: number, provisionedPages: number | null = 262_144) => ({
  timeMs,
  usedPages,
  provisionedPages,
});
const DEMANDS: Readonly<Record<string, readonly DemandSeries[]>> = {
  "two.csv": [
    { vm: "a", points: [point(60_000, 1000), point(120_000, 2000)] },
    { vm: "b", points: [point(120_000, 3000, 524_288)] },
  ],
  "later.csv": [{ vm: "", points: [point(7_260_000, 1000), point(10_860_000, 2000)] }],
  "one.csv": [{ vm: "", points: [point(0, 600_000, null), point(1_800_000, 100_000, null)] }],
};
const BOOT_LOGS = fileURLToPath(new URL("../fixtures/bootlogs/", import.meta.url));

function load(text: string, files: Readonly<Record<string, string>> = {}): LoadedPlan {
  return loadPlan(text, "test", {
    readDemand(file) {
      const guests = DEMANDS[file];
      if (guests === undefined) throw new Error(`${file}: no such file`);
      return { guests, reading: `${file}: read`, sha256: "0", contradictions: [] };
    },
    readBytes(name) {
      if (name in files) return Buffer.from(files[name]);
      if (name.endsWith(".txt")) return readFileSync(`${BOOT_LOGS}${name}`);
      throw new Error(`${name}: no such file`);
    },
    pathOf: (name) => name,
  });
}

const HEAD = ["format: xen-balloon host 1", "title: T", "question: Q?", "span: 1 h"];
/** A plan with these lines after its first four. */
const plan = (...lines: readonly string[]): string => [...HEAD, ...lines].join("\n");
const BASE = "base: { size: 8 GiB, policy: keep, usPerPage: 4.3 }";
const WEB = "  - { name: web, memory: 1 GiB, minimum: 256 MiB, maximum: 2 GiB, demand: 512 MiB }";
/** A plan of one guest, with further fields. */
const guest = (fields: string): string => plan(BASE, "guests:", `  - { ${fields} }`);

function wrong(text: string, files?: Readonly<Record<string, string>>): StudyError {
  try {
    load(text, files);
  } catch (error) {
    if (error instanceof StudyError) return error;
    throw error;
  }
  throw new Error("expected a StudyError, got a plan");
}

describe("a plan", () => {
  test("is run at both ends of the band, unless it names a speed; a list in base is a factor", () => {
    const band = load(plan("base: { size: [4 GiB, 8 GiB], policy: keep }", "guests:", WEB));
    expect(band.cases.map(({ levels }) => [levels.size, levels.usPerPage])).toEqual([
      ["4 GiB", "4.3"],
      ["4 GiB", "86"],
      ["8 GiB", "4.3"],
      ["8 GiB", "86"],
    ]);
    expect(band.cases.map((one) => band.jobOf(one).host.usPerPage)).toEqual([4.3, 86, 4.3, 86]);
    expect(load(plan(BASE, "guests:", WEB)).cases).toHaveLength(1);
  });

  test("has every setting as a factor, by value and by label", () => {
    const { cases, jobOf } = load(
      plan(
        BASE.replace("policy: keep, ", ""),
        "factors:",
        "  policy: { levels: [squeezed, qmemman, xl, keep, fits], baseline: keep }",
        "  minimumScale: { levels: [1, 0.5] }",
        "  shortage:",
        "    levels:",
        "      waits: {}",
        "      swaps: { pressure: swaps }",
        "      kills: { pressure: { shortage: kills, killAfter: 30 s, killShare: 50%, cacheShare: 20% }, driver: '2013' }",
        "guests:",
        "  - { name: web, type: hvm, memory: 1 GiB, minimum: 25%, maximum: 2 GiB, demand: 512 MiB }",
      ),
    );
    expect(cases).toHaveLength(30);
    expect(cases.filter(({ baseline }) => baseline)).toHaveLength(1);
    const [waits, swaps, kills] = cases.map((one) => jobOf(one).host);
    expect([waits, swaps].map(({ pressure }) => pressure?.shortage)).toEqual(["waits", "swaps"]);
    expect(kills.pressure).toEqual({
      shortage: "kills",
      cacheShare: 0.2,
      pressShare: 0,
      swapKibPerSecond: 102_400,
      killAfterMs: 30_000,
      killShare: 0.5,
    });
    expect([waits, kills].map(({ guests }) => guests[0].driver)).toEqual(["modern", "2013"]);
    expect(new Set(cases.map((one) => jobOf(one).host.guests[0].minimumKib))).toEqual(new Set([GIB / 4, GIB / 8]));
  });

  test("a guest has its sizes in KiB, percentages of memory, and what it does not say by default", () => {
    const [job] = jobsOf(
      guest(
        "name: web, type: hvm, memory: 1 GiB, minimum: 25%, maximum: 200%, videoram: 16 MiB, vcpus: 2, start: 10 min, stop: 0.5 h, reports: false, demand: { 0 s: 512 MiB, 20 min: 1.5 GiB }",
      ),
    );
    expect(job.host.guests).toEqual([
      {
        name: "web",
        type: "hvm",
        driver: "modern",
        memoryKib: GIB,
        minimumKib: GIB / 4,
        maximumKib: 2 * GIB,
        videoramKib: 16_384,
        vcpus: 2,
        startMs: 600_000,
        stopMs: 1_800_000,
        reports: false,
        demand: [
          { timeMs: 0, usedKib: GIB / 2 },
          { timeMs: 1_200_000, usedKib: 1.5 * GIB },
        ],
      },
    ]);
  });

  test("all guests of a demand file have their sizes by rule, of what they were sold; its first row is at 0", () => {
    const all = load(plan(BASE, "guests:", "  - { all: two.csv, memory: 50%, minimum: 10% }"));
    const [{ guests }] = all.cases.map((one) => all.jobOf(one).host);
    expect(guests.map(({ name, ...kib }) => [name, kib.memoryKib, kib.minimumKib, kib.maximumKib])).toEqual([
      ["a", GIB / 2, 104_856, GIB],
      ["b", GIB, 209_712, 2 * GIB],
    ]);
    expect(guests.map(({ demand }) => demand)).toEqual([
      [
        { timeMs: 0, usedKib: 4000 },
        { timeMs: 60_000, usedKib: 8000 },
      ],
      [{ timeMs: 0, usedKib: 12_000 }],
    ]);
    expect(all.demands).toEqual(["two.csv: read"]);
    expect(all.contents).toEqual([{ kind: "demand", name: "two.csv", sha256: "0" }]);
  });

  test("dom0 takes part where it is named, and a guest's demand may be another's of a file", () => {
    const [{ host }] = jobsOf(
      plan(
        BASE,
        "dom0: { memory: 2 GiB, minimum: 1 GiB, demand: 1 GiB }",
        "guests:",
        "  - { name: web, memory: 1 GiB, minimum: 256 MiB, demand: { file: two.csv, vm: b } }",
      ),
    );
    expect(host.dom0).toMatchObject({ name: "Domain-0", type: "pv", memoryKib: 2 * GIB });
    expect(host.guests[0].demand[0].usedKib).toBe(12_000);
  });

  test("a case has the same id in every plan, and another where anything differs, a policy's bytes too", () => {
    const id = (text: string, policy = "one"): string => load(text, { "./mine.mjs": policy }).cases[0].id;
    const own = plan(BASE.replace("keep", "./mine.mjs"), "guests:", WEB);
    expect(id(own)).toBe(id(own.replace("title: T", "title: Other")));
    expect(id(own.replace("8 GiB", "8192 MiB"))).toBe(id(own));
    const others = [id(own, "two"), id(own.replace("512 MiB", "508 MiB")), id(own.replace("1 h", "2 h"))];
    expect(new Set([id(own), ...others]).size).toBe(4);
  });

  test("a boot log lays a guest's memory out, and says its type", () => {
    const [{ host }] = jobsOf(
      guest("name: web, memory: 384 MiB, minimum: 25%, demand: 100 MiB, bootLog: pv-domU-pvgrub-linux3.14.txt"),
    );
    expect(host.guests[0]).toMatchObject({ type: "pv", boot: { nrPages: 98_304, maxPfn: 100_352 } });
    // this log does not tell the pages at the start, which the plan does
    const [other] = jobsOf(
      guest("name: web, memory: 1024 MiB, minimum: 25%, demand: 100 MiB, bootLog: pv-domU-linux3.1.txt"),
    );
    expect(other.host.guests[0].boot).toMatchObject({ nrPages: 262_144, maxPfn: 264_192 });
  });
});

describe("refused", () => {
  const policyWords = /expected squeezed, qmemman, xl, keep, fits, or a module file such as \.\/mine\.js; got squeezd/;
  test.each([
    ["another format", plan(BASE, "guests:", WEB).replace("host 1", "host 2"), 1, "format", /"xen-balloon host 1"/],
    ["a key that there is not", guest("name: web, minimum: 1%, memori: 1 GiB"), 7, "guests[0].memori", /no such key/],
    [
      "a guest without memory",
      guest("name: web, minimum: 1%, demand: 1 GiB"),
      7,
      "guests[0]",
      /a key memory, got none/,
    ],
    ["a guest without name", guest("memory: 1 GiB, minimum: 1%, demand: 1 GiB"), 7, "guests[0]", /a key name, or all/],
    [
      "a unit of two meanings",
      guest("name: web, minimum: 1%, memory: 1 GB, demand: 1 GiB"),
      7,
      "guests[0].memory",
      /expected a size in KiB, MiB, GiB or TiB, got "1 GB": GB is a power of 10 to some/,
    ],
    [
      "no unit",
      guest("name: web, minimum: '4096', memory: 1 GiB, demand: 1 GiB"),
      7,
      "guests[0].minimum",
      /such as 512/,
    ],
    [
      "a guest of 16 TiB",
      guest("name: web, minimum: 1%, memory: 16 TiB, demand: 1 GiB"),
      7,
      "guests[0].maximum",
      /web: expected less than 16 TiB, got 16 TiB/,
    ],
    [
      "a host of 20 TiB",
      plan(BASE.replace("8 GiB", "20 TiB"), "guests:", WEB),
      5,
      "base.size",
      /expected less than 16 TiB, got 20 TiB/,
    ],
    [
      "a driver that YAML reads as a number",
      plan(BASE.replace("keep", "keep, driver: 2013"), "guests:", WEB),
      5,
      "base.driver",
      /expected text, in quotes: "2013", got 2013/,
    ],
    ...[
      ["swaps, swapPerSecond: 0 MiB", /swapPerSecond: expected 1 KiB or more, got 0 MiB/],
      ["kills, killAfter: 0 s", /killAfter: expected 1 ms or more, got 0 s/],
      ["kills, killShare: 0%", /killShare: expected a percentage from 0\.1% to 100%, got 0%/],
      ["swaps, killAfter: 5 s", /killAfter: expected shortage: kills beside it, got swaps/],
    ].map(([pressure, problem]): [string, string, number, string, RegExp] => [
      `a pressure of ${pressure}`,
      plan(BASE.replace("keep", `keep, pressure: { shortage: ${pressure} }`), "guests:", WEB),
      5,
      "base.pressure",
      problem as RegExp,
    ]),
    [
      "half a page",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: 6 KiB"),
      7,
      "guests[0].demand",
      /whole pages of 4 KiB, got 6 KiB/,
    ],
    [
      "demand that goes back in time",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: { 0 s: 1 GiB, 1 h: 2 GiB, 30 min: 1 GiB }"),
      7,
      "guests[0].demand.30 min",
      /expected a time after 1 h, got 30 min/,
    ],
    [
      "two points at one time",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: { 1 h: 2 GiB, 60 min: 1 GiB }"),
      7,
      "guests[0].demand.60 min",
      /expected a time after 1 h, got 60 min/,
    ],
    [
      "a demand file that is not there",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: none.csv"),
      7,
      "guests[0].demand",
      /none\.csv: no such file/,
    ],
    [
      "a guest that the demand file does not have",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: two.csv"),
      7,
      "guests[0].demand",
      /expected one of a, b, got web/,
    ],
    [
      "two guests of one name",
      plan(BASE, "guests:", WEB, WEB),
      8,
      "guests[1]",
      /two guests are named web: .*guests\[0\]/,
    ],
    [
      "a key misspelt",
      guest("name: web, minimun: 1 GiB, memory: 1 GiB, demand: 1 GiB"),
      7,
      "guests[0].minimun",
      /no such key; expected a key minimum/,
    ],
    [
      "a size without its unit",
      guest("name: web, minimum: 1 GiB, memory: 1024, demand: 1 GiB"),
      7,
      "guests[0].memory",
      /expected text such as 1 GiB, got 1024/,
    ],
    [
      "a minimum above memory",
      guest("name: web, minimum: 2 GiB, maximum: 4 GiB, memory: 1 GiB, demand: 1 GiB"),
      7,
      "guests[0].minimum",
      /web: expected 1 GiB, its memory, at most, got 2 GiB/,
    ],
    [
      "memory above its maximum",
      guest("name: web, minimum: 1 GiB, maximum: 1 GiB, memory: 2 GiB, demand: 1 GiB"),
      7,
      "guests[0].memory",
      /web: expected 1 GiB, its maximum, at most, got 2 GiB/,
    ],
    [
      "a minimum that a factor scales above memory",
      plan(BASE.replace("keep", "keep, minimumScale: [1, 8]"), "guests:", WEB),
      7,
      "guests[0].minimum",
      /web: expected 1 GiB, its memory, at most, got 2 GiB, scaled by 8/,
    ],
    [
      "guests that do not fit at the start on one of the sizes",
      plan("base: { size: [8 GiB, 1536 MiB], policy: keep }", "guests:", WEB, WEB.replace("web", "db")),
      5,
      "base.size[1]",
      /2 guests that run from the start have 2 GiB of memory in all: 512 MiB do not fit into 1.5 GiB/,
    ],
    ["a host without size", plan("base: { policy: keep }", "guests:", WEB), 1, "", /expected a key size/],
    ["a policy that is none", plan(BASE.replace("keep", "squeezd"), "guests:", WEB), 5, "base.policy", policyWords],
    [
      "a policy file that is not there",
      plan(BASE.replace("keep", "./mine.mjs"), "guests:", WEB),
      5,
      "base.policy",
      /\.\/mine\.mjs: no such file/,
    ],
    [
      "a setting that is set twice",
      plan(BASE, "factors: { policy: { levels: [keep, fits] } }", "guests:", WEB),
      6,
      "factors.policy.levels[0]",
      /policy is set by base, too/,
    ],
    [
      "levels that are one case",
      plan("base: { size: [1 GiB, 1024 MiB], policy: keep }", "guests:", WEB),
      5,
      "base.size[1]",
      /levels 1 GiB and 1024 MiB make the same case/,
    ],
    [
      "no driver in an hvm guest that may grow",
      guest("name: web, balloons: false, minimum: 1%, maximum: 2 GiB, memory: 1 GiB, demand: 1 GiB"),
      7,
      "guests[0].balloons",
      /a guest of type hvm without a driver uses all of its maximum/,
    ],
    [
      "a pv guest of which the modern driver leaves nothing",
      guest("name: web, type: pv, driver: modern, memory: 1 GiB, minimum: 1%, maximum: 2 GiB, demand: 1 GiB"),
      7,
      "guests[0].type",
      /web: the driver modern does not start in a pv guest with 1 GiB of extra memory beside its memory of 1 GiB .*: expected type pvh, or driver "2013"/,
    ],
    [
      "a stop before the start",
      guest("name: web, minimum: 1%, memory: 1 GiB, demand: 1 GiB, start: 10 min, stop: 5 min"),
      7,
      "guests[0].stop",
      /expected a time after its start, got 5 min/,
    ],
    [
      "a share that is no percentage",
      plan(BASE.replace("keep", "keep, pressure: { shortage: swaps, cacheShare: 120% }"), "guests:", WEB),
      5,
      "base.pressure",
      /cacheShare: expected a percentage from 0% to 100%, got 120%/,
    ],
    [
      "a boot log of another size",
      guest("name: web, memory: 2 GiB, minimum: 1%, demand: 1 GiB, bootLog: pv-domU-pvgrub-linux3.14.txt"),
      7,
      "guests[0].bootLog",
      /it is of a guest that started with 384 MiB, and memory is 2 GiB/,
    ],
    [
      "a boot log of a greater guest",
      guest("name: web, memory: 256 MiB, minimum: 1%, demand: 1 GiB, bootLog: hvm-linux4.9.txt"),
      7,
      "guests[0].bootLog",
      /it is of a guest whose map has 504 MiB, and maximum is 256 MiB/,
    ],
    [
      "a boot log of another type",
      guest("name: web, type: pvh, memory: 384 MiB, minimum: 1%, demand: 1 GiB, bootLog: pv-domU-pvgrub-linux3.14.txt"),
      7,
      "guests[0].bootLog",
      /it is of a guest of type pv, and type is pvh/,
    ],
    ["a span of nothing", plan(BASE, "guests:", WEB).replace("1 h", "0 s"), 4, "span", /expected a time above 0/],
  ])("%s", (_, text, line, field, problem) => {
    const error = wrong(text);
    expect({ line: error.line, field: error.field }).toEqual({ line, field });
    expect(error.problem).toMatch(problem);
  });
});

describe("doubted, and run", () => {
  test("minima scaled under policies that know none", () => {
    const base = BASE.replace("keep", "[qmemman, keep, squeezed], minimumScale: [0.5, 1]");
    expect(load(plan(base, "guests:", WEB)).doubts.join("\n")).toMatch(
      /line 5, base\.minimumScale\[0\]: qmemman and keep know no minimum of a guest/,
    );
    expect(load(plan(BASE.replace("keep", "squeezed, minimumScale: 0.5"), "guests:", WEB)).doubts).toEqual([]);
  });

  test("demand files whose clocks begin at different times", () => {
    const two = ["one", "later"].map(
      (name) => `  - { name: ${name}, memory: 3 GiB, minimum: 1%, demand: ${name}.csv }`,
    );
    expect(load(plan(BASE, "guests:", ...two)).doubts.join("\n")).toMatch(
      /guests: the demand of later begins 2\.02 h after that of one, by the clocks of their files: the first row of each is laid/,
    );
    const all = plan(BASE, "guests:", "  - { all: two.csv, memory: 50%, minimum: 1% }");
    expect(load(all).doubts.join("\n")).not.toContain("clocks");
  });

  test.each([
    [
      "demand that ends early",
      "all: two.csv, memory: 50%, minimum: 1%",
      /^line 7, guests\[0\]\.all: a: its demand ends after 2 min, 58 min early: its last value holds on; and \d more/,
    ],
    [
      "demand above the maximum",
      "name: web, minimum: 1%, memory: 1 GiB, demand: one.csv",
      /web: it wants 2\.29 GiB at 0 s, 1\.29 GiB above its maximum/,
    ],
    [
      "demand above what video memory leaves of the maximum",
      "name: web, minimum: 1%, memory: 1 GiB, videoram: 64 MiB, demand: 1 GiB",
      /web: it wants 1 GiB at 0 s, 64 MiB above its maximum without its video memory of 64 MiB/,
    ],
    [
      "points after the end",
      "name: web, minimum: 1%, memory: 1 GiB, demand: { 0 s: 1 GiB, 1 h: 512 MiB }",
      /guests\[0\]\.demand: web: 1 point of its demand: the span of 1 h is over by then/,
    ],
    [
      "a stop after the end",
      "name: web, minimum: 1%, memory: 1 GiB, demand: 1 GiB, stop: 2 h",
      /guests\[0\]\.stop: web: it is to stop when the span of 1 h is over/,
    ],
    [
      "a start after the end",
      "name: web, minimum: 1%, memory: 1 GiB, demand: 1 GiB, start: 2 h",
      /guests\[0\]\.start: web: it is asked to start when the span of 1 h is over/,
    ],
  ])("%s", (_, fields, doubt) => {
    expect(load(guest(fields)).doubts.join("\n")).toMatch(doubt);
  });
});

test.each([
  ["500 ms", 500],
  ["10 s", 10_000],
  ["1.5 h", 5_400_000],
  ["1 day", 86_400_000],
  ["7 days", 604_800_000],
])("%s is a time", (text, ms) => {
  expect(msOf(text)).toBe(ms);
});

function jobsOf(text: string): ReturnType<LoadedPlan["jobOf"]>[] {
  const loaded = load(text);
  return loaded.cases.map(loaded.jobOf);
}
