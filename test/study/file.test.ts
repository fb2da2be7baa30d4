/** Study files: what they say, and what is wrong with one, with its line and field. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { DemandSeries } from "../../apps/demand/series.js";
import { MEMORY_UNITS, TIME_UNITS } from "../../apps/demand/units.js";
import { type LoadedStudy, loadStudy } from "../../apps/study/load.js";
import { settingsSchema } from "../../apps/study/settings-schema.js";
import { StudyError } from "../../apps/study/source.js";
import { MEASURES } from "../../apps/study/study.js";

const point = (timeMs: number, usedPages: number) => ({ timeMs, usedPages, provisionedPages: 4096 });
const DEMANDS: Readonly<Record<string, readonly DemandSeries[]>> = {
  "two.csv": [
    { vm: "a", points: [point(0, 100), point(1000, 200)] },
    { vm: "b", points: [point(0, 300)] },
  ],
  "one.csv": [{ vm: "", points: [point(0, 100)] }],
};

const SCRIPTS: Readonly<Record<string, string>> = {
  "half.ops": [
    `config domain=\${domain} nr_pages=4096 max_pfn=4096`,
    "boot",
    `guest_alloc \${held} 1`,
    "# phase out",
    "target 2048",
    "settle",
    "# phase none",
    "advance 1000",
    "# phase in",
    "target 4096",
    "settle",
  ].join("\n"),
  "no-pages.ops": "boot\n# phase out\ntarget 64\nsettle",
  "no-end.ops": "config nr_pages=4096\nboot\n# phase out\ntarget 64\nsettle",
  "no-phase.ops": "config nr_pages=4096\nboot\ntarget 64\nsettle",
  "no-boot.ops": "config nr_pages=4096\n# phase out\ntarget 64\nsettle",
  "late-boot.ops": "config nr_pages=4096\n# phase out\nboot\ntarget 64\nsettle",
  "empty-phase.ops": "config nr_pages=4096\nboot\n# phase none\ntarget 64\n# phase out",
  "wrong-phase.ops": "config nr_pages=4096\nboot\n# phase up\ntarget 64",
  "wrong-word.ops": "config nr_pages=4096\nboot\n# phase out\ntarget much",
};

/** @param folder - where its scripts are; left out: in SCRIPTS. */
function load(text: string, demand?: string, folder?: URL): LoadedStudy {
  return loadStudy(
    text,
    { name: "test", demand },
    {
      readDemand(file) {
        const guests = DEMANDS[file];
        if (guests === undefined) throw new Error(`${file}: no such file`);
        return { guests, reading: `${file}: read`, sha256: "0", contradictions: [] };
      },
      readScript(file) {
        const text = folder === undefined ? SCRIPTS[file] : readFileSync(new URL(file, folder), "utf8");
        if (text === undefined) throw new Error(`${file}: no such file`);
        return text;
      },
      pathOf: (name) => name,
      buildFolderOf: (name) => name,
    },
  );
}

/** A study with these lines after its first four. */
const study = (...lines: readonly string[]): string =>
  ["format: xen-balloon study 1", "title: T", "question: Q?", "measures: [memoryOps]", ...lines].join("\n");

/** A key whose value is an anchor with ten aliases of another. */
const nested = (names: string): string => {
  const [name, of] = names.split(" ");
  return `${name}: &${name} [${Array(10).fill(`*${of}`).join(", ")}]`;
};

describe("a script as a workload", () => {
  test("has the settings and the labels of levels in place of their names", () => {
    const { cases, jobOf } = load(
      study(
        "base: { workload: half.ops }",
        "factors: { domain: { levels: [pv, hvm] }, held: { levels: { 0: {}, 100: {} } } }",
      ),
    );
    const scripts = cases.map((one) => jobOf(one).script?.split("\n"));
    expect(scripts.map((lines) => [lines?.[0], lines?.[2]])).toEqual([
      ["config domain=pv nr_pages=4096 max_pfn=4096", "guest_alloc 0 1"],
      ["config domain=pv nr_pages=4096 max_pfn=4096", "guest_alloc 100 1"],
      ["config domain=hvm nr_pages=4096 max_pfn=4096", "guest_alloc 0 1"],
      ["config domain=hvm nr_pages=4096 max_pfn=4096", "guest_alloc 100 1"],
    ]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(4);
  });

  test("stands in the study itself, where it has two lines or more", () => {
    const text = study(
      "base:",
      "  maxPfn: 4096",
      "  nrPages: 4096",
      "  workload: |",
      "    boot",
      "    # phase out",
      `    target \${left}`,
      "    settle",
      "factors: { left: { levels: { 64: {}, 100: {} } } }",
    );
    const { cases, jobOf, contents } = load(text);
    expect(cases.map((one) => jobOf(one).script)).toEqual([
      "boot\n# phase out\ntarget 64\nsettle\n",
      "boot\n# phase out\ntarget 100\nsettle\n",
    ]);
    expect(contents).toEqual([]);
    expect(() => load(text.replace("target", "aim"))).toThrow(
      /^line 8, base\.workload: workload: the script in the study: line 3: no operation "aim"/,
    );
  });

  test.each([
    ["that is not there", "none.ops", /none\.ops: no such file/],
    [
      "with a name that the case lacks",
      "half.ops",
      /half\.ops: line 1, column 15: no setting or factor "domain"; there are scrub, workload, maxPfn, seed/,
    ],
    ["without pages", "no-pages.ops", /no-pages\.ops: expected config nr_pages=PAGES, the pages at boot, got none/],
    [
      "without an end of memory",
      "no-end.ops",
      /no-end\.ops: expected config max_pfn=PAGES, the end of memory, got none/,
    ],
    ["without a phase to measure", "no-phase.ops", /no-phase\.ops: expected a phase to measure: .* got none/],
    ["with nothing in its phase", "empty-phase.ops", /empty-phase\.ops: expected a phase to measure/],
    ["without boot", "no-boot.ops", /no-boot\.ops: line 3: expected boot first, got target 64/],
    ["that boots in a phase", "late-boot.ops", /late-boot\.ops: line 2: expected boot before the first phase/],
    ["with a phase of another name", "wrong-phase.ops", /line 3: phase: expected out, in, none, got "up"/],
    ["with a wrong operation", "wrong-word.ops", /wrong-word\.ops: line 4: target: expected .*, got "much"/],
  ])("is refused %s", (_, file, problem) => {
    const maxPfn = file === "no-end.ops" ? "" : ", maxPfn: 4096";
    const text = study(`base: { workload: ${file}${maxPfn} }`, "factors: { scrub: { levels: [false, true] } }");
    expect(() => load(text)).toThrow(problem);
    expect(() => load(text)).toThrow(/^line 5, base\.workload: /);
  });
});

describe("a study", () => {
  test("has cases for each combination of levels and seed; YAML and JSON say the same", () => {
    const yaml = study(
      "base: { maxPfn: 4096 }",
      "factors:",
      "  scrub: { levels: [false, true], baseline: true }",
      "  memory:",
      "    levels:",
      "      all of it: { workload: bulk }",
      "      every second: { workload: fragmented }",
      "seeds: [3, 4]",
    );
    const { study: asked, cases } = load(yaml);
    expect(cases.map(({ levels, seed, baseline }) => [levels.scrub, levels.memory, seed, baseline])).toEqual([
      ["false", "all of it", 3, false],
      ["false", "all of it", 4, false],
      ["false", "every second", 3, false],
      ["false", "every second", 4, false],
      ["true", "all of it", 3, true],
      ["true", "all of it", 4, false],
      ["true", "every second", 3, false],
      ["true", "every second", 4, false],
    ]);
    expect(cases[2].settings).toEqual({ maxPfn: 4096, scrub: false, workload: "fragmented" });
    expect(asked).toMatchObject({ name: "test", replications: 10, seed: 1, fraction: 1, doesNotShow: [] });
    const json = JSON.stringify({
      format: "xen-balloon study 1",
      title: "T",
      question: "Q?",
      measures: ["memoryOps"],
      base: { maxPfn: 4096 },
      factors: {
        scrub: { levels: [false, true], baseline: true },
        memory: { levels: { "all of it": { workload: "bulk" }, "every second": { workload: "fragmented" } } },
      },
      seeds: [3, 4],
    });
    expect(load(json).cases).toEqual(cases);
  });

  test("levels by label are in the order of the text, those that are numbers, too; the first is the baseline", () => {
    const levels = "{ 512: { frameListCapacity: 512 }, 64: { frameListCapacity: 64 }, 8: { frameListCapacity: 8 } }";
    const anchored = study(`base: { maxPfn: 64 }`, `factors: { batch: { levels: &levels ${levels} } }`);
    const [batch] = load(anchored).study.factors;
    expect(batch.levels.map(({ label }) => label)).toEqual(["512", "64", "8"]);
    expect(batch.baseline).toBe("512");
  });

  test("has what its author reads in it, and whether it compares levels, where it says so", () => {
    const factors = "base: { maxPfn: 64 }\nfactors: { scrub: { levels: [true, false] } }";
    const silent = load(study(factors)).study;
    expect([silent.reading, silent.comparesLevels]).toEqual([undefined, undefined]);
    const said = load(study(factors, "comparesLevels: false", 'reading: ["Much. ", Little.]')).study;
    expect(said).toMatchObject({ reading: ["Much.", "Little."], comparesLevels: false });
    expect(() => load(study(factors, "comparesLevels: perhaps"))).toThrow(/expected true or false, got "perhaps"/);
  });

  test("a case has the same id in every study, and another where anything differs", () => {
    const ids = (...lines: readonly string[]): string[] => load(study(...lines)).cases.map(({ id }) => id);
    const first = ids("base: { workload: bulk }", "factors: { maxPfn: { levels: [4096, 8192] } }");
    expect(new Set(first).size).toBe(2);
    expect(
      ids("base: { maxPfn: 8192, workload: bulk }", "factors: { scrub: { levels: [true, false] } }"),
    ).not.toContain(first[1]);
    expect(
      ids(
        "base: { workload: bulk, engine: wasm }",
        "factors: { size: { levels: { s: { maxPfn: 8192 }, t: { maxPfn: 4 } } } }",
      )[0],
    ).toBe(first[1]);
    expect(ids("seeds: [2]", "base: { workload: bulk }", "factors: { maxPfn: { levels: [4096, 8192] } }")).not.toEqual(
      first,
    );
  });

  test("a demand is replayed by each of its guests, or by those named", () => {
    const all = load(study("base: { demand: two.csv }", "factors: { vm: { levels: all } }"));
    expect(all.cases.map(({ levels }) => levels.vm)).toEqual(["a", "b"]);
    expect(all.cases.map((one) => all.jobOf(one).demand?.points.length)).toEqual([2, 1]);
    const given = load(study("factors: { vm: { levels: all } }"), "two.csv");
    expect(given.cases.map(({ id }) => id)).toEqual(all.cases.map(({ id }) => id));
    const [only] = load(study("factors: { vm: { levels: all } }"), "one.csv").cases;
    expect(only).toMatchObject({ levels: { vm: "unnamed" }, settings: { vm: "" } });
    const factor = load(study("factors: { headroomPercent: { levels: [0, 50] } }", "base: { demand: one.csv }"));
    expect(factor.cases).toHaveLength(2);
  });

  test("a fraction keeps the baseline and every level, evenly", () => {
    const factors =
      "factors: { scrub: { levels: [true, false] }, hotplug: { levels: [false, true] }, cpus: { levels: [1, 2, 3, 4] } }";
    const { cases } = load(study("base: { maxPfn: 4096 }", factors, "fraction: 2"));
    expect(cases).toHaveLength(8);
    expect(cases.filter(({ baseline }) => baseline)).toHaveLength(1);
    for (const cpus of ["1", "2", "3", "4"]) expect(cases.filter(({ levels }) => levels.cpus === cpus)).toHaveLength(2);
    for (const scrub of ["true", "false"]) expect(cases.filter(({ levels }) => levels.scrub === scrub)).toHaveLength(4);
  });
});

describe("refused", () => {
  const FACTORS = "factors: { scrub: { levels: [true, false] } }";
  test.each([
    ["text that is no YAML", "title: [", 1, "", /expected YAML/],
    [
      "another format",
      study(FACTORS).replace("study 1", "study 2"),
      1,
      "format",
      /expected "xen-balloon study 1", got "xen-balloon study 2"/,
    ],
    ["a key missing", "format: xen-balloon study 1\ntitle: T\nquestion: Q", 1, "", /expected a key factors, got none/],
    ["a key too many", study(FACTORS, "replication: 3"), 6, "replication", /no such key; there are .*replications/],
    [
      "a measure that is none",
      study(FACTORS).replace("memoryOps", "speed"),
      4,
      "measures[0]",
      /expected one of time, .*got "speed"/,
    ],
    ["a number for a text", study(FACTORS).replace("title: T", "title: 3"), 2, "title", /expected text, got 3/],
    [
      "a wrong setting",
      study("base:", "  maxPfn: 4096", "  scrub: yes", "factors: { cpus: { levels: [1, 2] } }"),
      7,
      "base.scrub",
      /expected true or false, got "yes"/,
    ],
    [
      "a setting of no name",
      study("base:", "  max_pfn: 4096", FACTORS),
      6,
      "base.max_pfn",
      /no such key; there are .*maxPfn/,
    ],
    [
      "levels of no setting",
      study("factors:", "  colour: { levels: [red, blue] }"),
      6,
      "factors.colour",
      /no such setting.*there are/,
    ],
    [
      "a level of a wrong kind",
      study("factors:", "  cpus:", "    levels:", "      - 1", "      - two"),
      9,
      "factors.cpus.levels[1]",
      /expected a whole number, got "two"/,
    ],
    [
      "one level",
      study("factors: { cpus: { levels: [1] } }"),
      5,
      "factors.cpus.levels",
      /expected a list of 2 or more, got a list of 1/,
    ],
    [
      "no baseline of that name",
      study("factors:", "  cpus: { levels: [1, 2], baseline: 3 }"),
      6,
      "factors.cpus.baseline",
      /expected one of the levels 1, 2, got 3/,
    ],
    [
      "a level that cannot be booted",
      study("base: { maxPfn: 4096 }", "factors:", "  cpus: { levels: [1, 65] }"),
      7,
      "factors.cpus.levels[1]",
      /cpus: expected CPUs from 1 to 64, got 65/,
    ],
    [
      "levels that contradict the base",
      study("base:", "  hostPages: 100", "factors: { maxPfn: { levels: [50, 200] } }"),
      6,
      "base.hostPages",
      /expected a frame for each of 200 backed pages/,
    ],
    [
      "a setting set twice",
      study("base: { scrub: true }", FACTORS),
      6,
      "factors.scrub.levels[0]",
      /scrub is set by base, too/,
    ],
    [
      "factors that set the same",
      study("factors:", "  cpus: { levels: [1, 2] }", "  size: { levels: { s: { maxPfn: 8 }, t: { cpus: 3 } } }"),
      7,
      "factors.size.levels.t.cpus",
      /cpus is set by factor cpus, too/,
    ],
    [
      "what a workload sets otherwise",
      study("base: { workload: scrub, maxPfn: 64 }", FACTORS),
      6,
      "factors.scrub.levels[1]",
      /scrub: expected true, as workload scrub sets it, got false/,
    ],
    [
      "a workload that is none",
      study("base: { workload: bulky, maxPfn: 64 }", FACTORS),
      5,
      "base.workload",
      /expected one of bulk, repeat, .*got "bulky"/,
    ],
    [
      "a guest too large for a workload",
      study("base: { workload: scrub, cpus: 1 }", "factors: { maxPfn: { levels: [64, 524288] } }"),
      6,
      "factors.maxPfn.levels[1]",
      /expected at most 262144 pages for workload scrub/,
    ],
    [
      "a workload that moves no page of so small a guest",
      study("base: { workload: fragmented }", "factors: { maxPfn: { levels: [4096, 100] } }"),
      6,
      "factors.maxPfn.levels[1]",
      /expected a guest with pages that the workload moves, got 100 pages/,
    ],
    [
      "frames that are returned and were never taken",
      study("base: { maxPfn: 64, hostReturnSeconds: 60 }", FACTORS),
      5,
      "base.hostReturnSeconds",
      /expected hostTakenPages with it, got none/,
    ],
    [
      "a condition of passes beside a demand, which has none",
      study("base: { demand: one.csv, refusedCalls: 2 }", FACTORS),
      5,
      "base.refusedCalls",
      /expected a workload with it, got a demand/,
    ],
    [
      "a folder that holds no build",
      study("base: { maxPfn: 64 }", "factors: { of: { levels: { now: {}, then: { build: /nowhere } } } }"),
      6,
      "factors.of.levels.then.build",
      /expected a build of xen-balloon, a folder or a tarball \(\.tgz\), got one without .*exact-thread\.js/,
    ],
    [
      "a workload beside a demand",
      study("base: { demand: one.csv, workload: bulk }", FACTORS),
      5,
      "base.workload",
      /a demand is replayed, which is no workload/,
    ],
    [
      "a script that sets an option otherwise",
      study(
        "base: { workload: half.ops, domain: pv }",
        "factors:",
        "  held: { levels: { 0: { maxPfn: 4096 }, 8: { maxPfn: 64 } } }",
      ),
      7,
      "factors.held.levels.8.maxPfn",
      /maxPfn: expected 4096, as the script sets it, got 64/,
    ],
    [
      "a script under a condition of passes",
      study(
        "base: { workload: half.ops, domain: pv, hostTakenPages: 8 }",
        "factors: { held: { levels: { 0: {}, 8: {} } } }",
      ),
      5,
      "base.hostTakenPages",
      /expected a workload by name with it, got a script/,
    ],
    [
      "engine native without its command",
      study("base: { maxPfn: 64 }", "factors: { engine: { levels: [wasm, native] } }"),
      6,
      "factors.engine.levels[1]",
      /expected native, the command, with it, got none/,
    ],
    [
      "engine native with a program that is not there",
      study("base: { maxPfn: 64, native: ./none --fast }", "factors: { engine: { levels: [wasm, native] } }"),
      5,
      "base.native",
      /expected a program, got \.\/none: no such file/,
    ],
    [
      "engine native with a workload that is no script",
      study(
        "base: { maxPfn: 4096, native: node, engine: native }",
        "factors: { workload: { levels: [bulk, fragmented] } }",
      ),
      6,
      "factors.workload.levels[1]",
      /expected one that sets targets alone, or a script, for native, got fragmented/,
    ],
    [
      "engine native with a tunable",
      study(
        "base: { maxPfn: 4096, native: node, maxRetryCount: 2 }",
        "factors: { engine: { levels: [wasm, native] } }",
      ),
      5,
      "base.maxRetryCount",
      /expected a workload without it for native/,
    ],
    [
      "a policy without a demand",
      study("base: { maxPfn: 64, policy: peak }", FACTORS),
      5,
      "base.policy",
      /expected a demand with it/,
    ],
    [
      "a size with a unit",
      study("base: { maxPfn: 4 GiB }", FACTORS),
      5,
      "base.maxPfn",
      /expected a whole number of pages, 4,096 bytes each, got "4 GiB"/,
    ],
    [
      "a policy that is none",
      study("base: { demand: one.csv, policy: wait }", FACTORS),
      5,
      "base.policy",
      /expected one of follow, peak, provisioned, none, got "wait"/,
    ],
    [
      "a key that is a list",
      study("base: { [maxPfn]: 64 }"),
      5,
      "",
      /expected YAML: With stringKeys, all keys must be/,
    ],
    ["an alias of nothing", study("base: { maxPfn: 64 }", "factors: *none"), 6, "", /expected YAML: Unresolved alias/],
    [
      "aliases of aliases without end",
      study("base: { maxPfn: 64 }", "a: &a [1]", ...["b a", "c b", "d c"].map(nested)),
      1,
      "",
      /expected YAML: Excessive alias count/,
    ],
    [
      "a demand that cannot be read",
      study("base: { demand: none.csv }", FACTORS),
      5,
      "base.demand",
      /none.csv: no such file/,
    ],
    [
      "no guest named of many",
      study("base: { demand: two.csv }", FACTORS),
      1,
      "",
      /vm: expected one of a, b, got none/,
    ],
    [
      "a guest that is none",
      study("base: { demand: two.csv, vm: c }", FACTORS),
      5,
      "base.vm",
      /expected one of a, b, got c/,
    ],
    [
      "all of no demand",
      study("factors: { vm: { levels: all } }"),
      5,
      "factors.vm.levels",
      /guests of a demand, and none is given/,
    ],
    [
      "all of anything else",
      study("factors: { cpus: { levels: all } }"),
      5,
      "factors.cpus.levels",
      /only vm can have all/,
    ],
    [
      "a fraction that leaves a level out",
      study("base: { maxPfn: 64 }", "factors: { cpus: { levels: [1, 2, 3] } }", "fraction: 3"),
      7,
      "fraction",
      /in one case of 3 level 2 of cpus is never run/,
    ],
    [
      "levels alike",
      study("base: { maxPfn: 64 }", "factors:", "  f: { levels: { a: { cpus: 1 }, b: { cpus: 1 } } }"),
      7,
      "factors.f.levels",
      /levels a and b make the same case/,
    ],
  ])("%s", (_, text, line, field, message) => {
    let error: unknown;
    try {
      load(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(StudyError);
    expect((error as StudyError).message).toMatch(message);
    expect(error).toMatchObject({ line, field });
  });
});

describe("foreseen", () => {
  const warningsOf = (...lines: readonly string[]) => load(lines.join("\n")).warnings;
  const head = ["format: xen-balloon study 1", "title: T", "question: Q", "measures: [time, memoryOps]"];

  test("a level that cannot be reached is told with its line and field", () => {
    expect(
      warningsOf(
        ...head,
        "base: { workload: bulk, maxPfn: 131072 }",
        "factors:",
        "  watermarkPages:",
        "    levels: [0, 65600]",
      ),
    ).toEqual([
      "line 8, factors.watermarkPages.levels[1]: watermarkPages: the guest keeps 65600 pages and cannot reach a target of 65536: the case will be compared with no other",
    ]);
  });

  test("times of levels that move different numbers of pages are told", () => {
    expect(warningsOf(...head, "factors: { maxPfn: { levels: [4096, 8192] }, domain: { levels: [pv, hvm] } }")).toEqual(
      [
        "line 5, factors.maxPfn: levels move different numbers of pages: ratios of time are a page, and the report says so",
      ],
    );
  });

  const doubtsOf = (...lines: readonly string[]) => load(study(...lines)).doubts;

  test.each([
    [
      "a floor above the guest",
      ["base: { demand: one.csv, maxPfn: 4096 }", "factors: { floorPages: { levels: [64, 16777216] } }"],
      [
        "line 6, factors.floorPages.levels[1]: floorPages: no target is below 64 GiB, and the guest has 16 MiB: it never gives any back",
      ],
    ],
    [
      "a guest smaller than its demand, of several guests once",
      ["base: { demand: two.csv, maxPfn: 64, floorPages: 0 }", "factors: { vm: { levels: all } }"],
      [
        "line 5, base.maxPfn: maxPfn: a guest of 256 KiB cannot use the 800 KiB of its demand: what is more is left out; and 1 more like it",
      ],
    ],
    [
      "a guest far larger than what was sold",
      ["base: { demand: one.csv, floorPages: 0 }", "factors: { maxPfn: { levels: [4096, 1048576] } }"],
      [
        "line 6, factors.maxPfn.levels[1]: maxPfn: a guest of 4 GiB was sold 16 MiB: it is a number of pages of 4,096 bytes",
      ],
    ],
    [
      "a window shorter than the demand's step",
      [
        "base: { demand: two.csv, vm: a, policy: peak, floorPages: 0 }",
        "factors: { windowMs: { levels: [60, 5000] } }",
      ],
      [
        "line 6, factors.windowMs.levels[0]: windowMs: a window of 0.06 s is shorter than the demand's step of 1 s: peak does what follow does",
      ],
    ],
    [
      "a limit shorter than one wait of the driver",
      ["base: { maxPfn: 4096, settleLimitMs: 7200 }", "factors: { maxScheduleDelaySeconds: { levels: [4, 60] } }"],
      [
        "line 5, base.settleLimitMs: settleLimitMs: a guest has 7.2 s to reach a target, less than one wait of up to 60 s for the next try",
      ],
    ],
    [
      "a level that is another's number of bytes",
      ["factors: { maxPfn: { levels: [262144, 1073741824] } }"],
      [
        "line 5, factors.maxPfn.levels[1]: maxPfn: 1,073,741,824 is 262,144 pages in bytes; both are read as pages, 1 GiB and 4 TiB",
      ],
    ],
    ["powers of two from end to end", ["factors: { maxPfn: { levels: [1024, 4096, 65536, 4194304] } }"], []],
  ])("%s is doubted", (_, lines, doubts) => {
    expect(doubtsOf(...lines)).toEqual(doubts);
  });

  test("of nothing wrong nothing is told", () => {
    expect(
      doubtsOf("base: { demand: two.csv, floorPages: 0, policy: peak }", "factors: { vm: { levels: all } }"),
    ).toEqual([]);
    expect(warningsOf(...head, "base: { maxPfn: 4096 }", "factors: { domain: { levels: [pv, hvm] } }")).toEqual([]);
  });
});

describe("what is published", () => {
  const folder = new URL("../../studies/", import.meta.url);
  test("the schema has every setting and measure as the tables have it", async () => {
    const file = fileURLToPath(new URL("study.schema.json", folder));
    const schema = JSON.parse(readFileSync(file, "utf8"));
    schema.$defs.settings.properties = settingsSchema(true);
    schema.properties.measures.items.enum = MEASURES;
    schema.properties.columns.properties.timeUnit.enum = TIME_UNITS.names;
    schema.properties.columns.properties.usedUnit.enum = MEMORY_UNITS.names;
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(file);
  });

  test.each(readdirSync(folder).filter((file) => file.endsWith(".yaml")))("%s can be run", (file) => {
    const demand = file === "replay.yaml" ? "two.csv" : undefined;
    const { cases } = load(readFileSync(new URL(file, folder), "utf8"), demand, folder);
    expect(cases.length).toBeGreaterThan(1);
    expect(cases.filter(({ baseline }) => baseline)).toHaveLength(1);
  });
});
