/** The commands study, report and compare: what they leave, what they refuse, and that nothing measured is lost. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { command, type Ended, fed, main } from "../support/command.js";

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-study-"));
afterAll(() => rmSync(folder, { recursive: true }));

const STUDY = `format: xen-balloon study 1
title: Batches of a small guest
question: What do <small> batches & "large" ones cost?
base: { maxPfn: 2048 }
factors:
  frameListCapacity: { levels: [64, 512], baseline: 512 }
  workload: { levels: [bulk, rand] }
measures: [time, memoryOps, extentsPerCall, scrubbedPages]
replications: 2
`;
/** Each counted once; 2 rounds of these, and of the baseline once more. */
const CASES = 4;
const RUNS = 2 * (CASES + 1);
const VIEWS = ["report.html", "report.md", "measures.csv", "exact.csv", "figures.json"];

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), "utf8");
const study = (name: string, out: string, ...more: readonly string[]): Ended =>
  command("study", name, "--out", join(folder, out), ...more);

/** The lines of a results file after its header. */
function linesOf(out: string): { kind: string; case?: string }[] {
  const lines = read(out, "results.jsonl").trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line));
}

function counts(out: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { kind } of linesOf(out)) found[kind] = (found[kind] ?? 0) + 1;
  return found;
}

function expectRefusal({ status, stdout, stderr }: Ended, message: RegExp): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.split("\n")).toHaveLength(2);
}

describe("a study", () => {
  const tiny = file("tiny.yaml", STUDY);
  let ended: Ended;
  beforeAll(() => {
    ended = study(tiny, "whole");
  }, 120_000);

  test("leaves its results and every view of them", () => {
    expect(ended).toMatchObject({ status: 0, stdout: `${join(folder, "whole", "report.html")}\n` });
    expect(ended.stderr).toMatch(/14 of 14, 0 s left\n$/);
    expect(counts("whole")).toEqual({ exact: CASES, timed: RUNS, ended: 1 });
    for (const view of VIEWS) expect(read("whole", view).length).toBeGreaterThan(100);
    const html = read("whole", "report.html");
    expect(html).toContain("What do &lt;small&gt; batches &amp;");
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(html).toContain(`npx xen-balloon study ${tiny} --out ${join(folder, "whole")}`);
  });

  test("has an environment, and an order that the seed makes", () => {
    const header = JSON.parse(read("whole", "results.jsonl").split("\n")[0]);
    expect(header).toMatchObject({ kind: "study", format: "xen-balloon results", schema: 3, study: { name: "tiny" } });
    expect(Object.keys(header.environment)).toEqual(
      expect.arrayContaining([
        "date",
        "version",
        "commit",
        "dirty",
        "wasm",
        "asc",
        "runtime",
        "compiler",
        "cpu",
        "cores",
        "kernel",
        "timerGrainNs",
        "loadAverage",
      ]),
    );
    expect(header.environment.wasm["balloon.wasm"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is not overwritten; what is done is not done again", () => {
    expectRefusal(
      study(tiny, "whole"),
      /results\.jsonl is there already: --resume goes on with it, --out names another/,
    );
    const before = read("whole", "results.jsonl");
    expect(study(tiny, "whole", "--resume").status).toBe(0);
    expect(read("whole", "results.jsonl")).toBe(before);
  });

  test("that was interrupted goes on, and counts the same to the byte", async () => {
    const out = join(folder, "parts");
    const child = spawn(process.execPath, [main, "study", tiny, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const exit = once(child, "exit");
    while (!existsSync(join(out, "results.jsonl")) || !read("parts", "results.jsonl").includes('"timed"'))
      await sleep(10);
    child.kill("SIGINT");
    expect((await exit)[0]).toBe(130);
    expect(said).toMatch(
      /interrupted: \d+ of 14 runs done and kept in .*parts; the rest: npx xen-balloon study .* --resume\n$/,
    );
    const partly = command("report", out);
    expect(partly.status).toBe(0);
    expect(partly.stderr).toMatch(/^xen-balloon: The study is not complete: .*\d of 10 processes are timed\.\n$/);
    expect(read("parts", "report.md")).toMatch(/## Answer\n\n> \*\*The study is not complete: /);
    const kept = linesOf("parts");
    expect(kept.length).toBeLessThan(CASES + RUNS);
    // as if the machine had gone down while a line was written
    appendFileSync(join(out, "results.jsonl"), '{"kind":"timed","case":"');
    const resumed = study(tiny, "parts", "--resume");
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).toContain(
      `results.jsonl: line ${kept.length + 2} was cut off as it was written: it is left out`,
    );
    expect(linesOf("parts").slice(0, kept.length)).toEqual(kept);
    expect(counts("parts")).toEqual({ exact: CASES, timed: RUNS, resumed: 1, ended: 1 });
    expect(read("parts", "exact.csv")).toBe(read("whole", "exact.csv"));
  });

  test.each([
    ["cases", STUDY.replace("2048", "4096"), /results of other cases: the study or its demand has changed/],
    ["rounds", STUDY.replace("replications: 2", "replications: 3"), /another study: its replications changed; --out/],
    ["words", STUDY.replace("large", "huge"), /another study: its question changed/],
    ["measures", STUDY.replace("time, memoryOps", "memoryOps"), /another study: its measures changed/],
    ["a baseline", STUDY.replace("baseline: 512", "baseline: 64"), /another study: its factors changed/],
  ])("that has changed in its %s is not gone on with", (what, text, message) => {
    cpSync(join(folder, "whole"), join(folder, `other-${what}`), { recursive: true });
    mkdirSync(join(folder, what));
    expectRefusal(study(file(join(what, "tiny.yaml"), text), `other-${what}`, "--resume"), message);
  });

  test("that was measured with another build is not gone on with", () => {
    cpSync(join(folder, "whole"), join(folder, "built"), { recursive: true });
    file(
      join("built", "results.jsonl"),
      read("whole", "results.jsonl").replace('"balloon.wasm":"', '"balloon.wasm":"0'),
    );
    expectRefusal(study(tiny, "built", "--resume"), /results of another build: [\d.]+-\w{12}, not [\d.]+-\w{12}/);
  });

  test("may have dots in its name and its folder's", () => {
    const counted = STUDY.replace("time, ", "");
    expect(study(file("tiny.v2.yaml", counted), "run.1").status).toBe(0);
    expect(command("report", join(folder, "run.1")).status).toBe(0);
    expect(command("compare", join(folder, "run.1"), join(folder, "run.1", "results.jsonl")).status).toBe(0);
  });

  test("has its folder to itself", async () => {
    const out = join(folder, "shared");
    const child = spawn(process.execPath, [main, "study", tiny, "--out", out], { stdio: "ignore" });
    const exit = once(child, "exit");
    while (!existsSync(join(out, "results.jsonl"))) await sleep(10);
    // it is there, and does not end before it is killed
    child.kill("SIGSTOP");
    for (const more of [[], ["--resume"]]) {
      expectRefusal(
        study(tiny, "shared", ...more),
        /shared: a study is running there \(process \d+ on .*\); if it is not/,
      );
    }
    child.kill("SIGKILL");
    await exit;
    // whoever was killed has left it
    expect(existsSync(join(out, "running.lock"))).toBe(true);
    expect(study(tiny, "shared", "--resume").status).toBe(0);
    expect(existsSync(join(out, "running.lock"))).toBe(false);
    expect(read("shared", "exact.csv")).toBe(read("whole", "exact.csv"));
    const ours = `echo "$$ on ${hostname()}" > "$1/running.lock"; exec "$2" "$3" study "$4" --out "$1" --resume`;
    expect(spawnSync("sh", ["-c", ours, "sh", out, process.execPath, main, tiny]).status).toBe(0);
    file(join("shared", "running.lock"), "1 on another machine\n");
    expectRefusal(
      study(tiny, "shared", "--resume"),
      /process 1 on another machine\); if it is not, remove .*running\.lock/,
    );
  });

  test("whose results cannot be written ends with what was kept, and no half header", () => {
    const out = join(folder, "full");
    // two blocks of 512 bytes, of which a header takes more
    const limited = 'ulimit -f 2; exec "$0" "$@"';
    const { status, stderr } = spawnSync("sh", ["-c", limited, process.execPath, main, "study", tiny, "--out", out], {
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /cannot be written: EFBIG.*: 0 of 14 runs done and kept in .*full; the rest: .* --resume\n$/,
    );
    expect(readdirSync(out)).toEqual([]);
    expectRefusal(study(tiny, "tiny.yaml"), /tiny\.yaml: expected a folder, or a place for one/);
  });

  test("of which a case cannot be run says so, and runs the others", () => {
    const large = file(
      "large.yaml",
      STUDY.replace("base: { maxPfn: 2048 }", "base: {}")
        .replace(/ {2}frameList.*/, "  maxPfn: { levels: [2048, 1073741824] }")
        .replace("time, ", ""),
    );
    const { status, stderr } = study(large, "large");
    expect(status).toBe(1);
    expect(stderr).toMatch(/could not be run: pfnLimit: 1073741824 pages do not fit in 4 GiB of linear memory/);
    expect(counts("large")).toEqual({ exact: 2, failed: 2, ended: 1 });
    expect(read("large", "report.md")).toContain("do not fit in 4 GiB");
    // it is tried again: it may have failed for want of memory
    expect(study(large, "large", "--resume").status).toBe(1);
    expect(counts("large")).toEqual({ exact: 2, failed: 4, resumed: 1, ended: 2 });
    expect(read("large", "report.md").match(/do not fit/g)).toHaveLength(2);
  });

  test("is planned without being run", () => {
    const { status, stdout } = study(tiny, "dry", "--dry-run");
    expect(status).toBe(0);
    expect(stdout).toMatch(/4 cases, each counted once/);
    expect(stdout).toMatch(/10 processes to time, one at a time: 2 a case, and as many of the baseline again/);
    expect(stdout).toMatch(
      /\nwarning: with 2 processes a case no difference of time can be shown, however large: 6 is the least\n/,
    );
    expect(stdout).toMatch(
      /\nto show a difference of time takes about \d+ for 5 %, \d+ for 10 %, \d+ for 25 %: processes a case/,
    );
    expect(stdout).toMatch(/takes about \d+ s\n$/);
    expect(existsSync(join(folder, "dry"))).toBe(false);
  });

  test("goes on in rounds until a difference as small as asked would be shown, or the time is over", () => {
    const two = file("two.yaml", STUDY.replace(/ {2}workload: .*\n/, ""));
    const over = study(two, "until", "--until", "900%", "--at-most", "0");
    expect(over.stderr).toContain("the time is over before so small a difference could be shown");
    expect(counts("until")).toMatchObject({ timed: 2 * 3 });
    expect(study(two, "until", "--resume", "--until", "900%").status).toBe(0);
    // of fewer than six rounds no difference is shown
    const { timed } = counts("until");
    expect(timed % 3).toBe(0);
    expect(timed / 3).toBeGreaterThanOrEqual(6);
    expect(read("until", "report.md")).toContain(`Times: ${timed / 3} rounds; in each`);
    expectRefusal(command("study", two, "--until", "none"), /Expected a percentage, such as 5%/);
  }, 240_000);

  test.each([
    [[], /expected a study: a file, or one of batch-size, driver-generations, fragmentation, .*wasm-or-javascript/],
    [["nothing.yaml"], /nothing\.yaml: no such file, and no study of that name; there are batch-size/],
    [
      [file("bad.yaml", STUDY.replace("bulk", "bulky"))],
      /bad\.yaml: line 7, factors\.workload\.levels\[0\]: workload: expected one of/,
    ],
    [
      ["replay"],
      /replay\.yaml: line \d+, factors\.vm\.levels: all stands for the guests of a demand, and none is given/,
    ],
    [["replay", "--demand", "none.csv"], /none\.csv: no such file/],
    [["replay", "--demand", file("bad.csv", "time_s,used_mib\n0,much\n")], /bad\.csv: line 2, field 2 .*got "much"/],
    [
      [tiny, "--out", join(folder, "q"), "--queue", "http://here"],
      /queue: expected redis:\/\/HOST:PORT or rediss:.*got http:\/\/here/,
    ],
  ])("%j is refused", (args, message) => {
    expectRefusal(command("study", ...args), message);
  });
});

describe("compare", () => {
  const results = (): string => read("whole", "results.jsonl");
  const changed = (name: string, text: string): string => file(name, text);

  test("finds nothing between a study and itself, nor with too few processes", () => {
    const { status, stdout } = command("compare", join(folder, "whole"), join(folder, "parts"));
    expect(stdout).toContain("Exact measures: 4 cases compared, 0 differences.");
    expect(stdout).toMatch(/too few processes for any change of time to be shown: 8 comparisons need \d+ or more/);
    // neither a pass nor a change
    expect(stdout).toMatch(/\nNo change of time could have been shown: this is no sign that there is none\.\n$/);
    expect(status).toBe(3);
  });

  test("a count that differs is a change", () => {
    const other = changed("counts.jsonl", results().replace('"tlbFlushes":2', '"tlbFlushes":3'));
    const { status, stdout } = command("compare", join(folder, "whole"), other);
    expect(stdout).toMatch(/frameListCapacity \d+, workload \w+ +tlbFlushes +2 +3/);
    expect(status).toBe(1);
  });

  test("a time that differs by more than chance and noise is a change, in either direction", () => {
    const [head, ...rest] = results().trimEnd().split("\n");
    const timed = rest.map((line) => JSON.parse(line)).filter(({ kind, copy }) => kind === "timed" && copy === 0);
    const rounds = (factor: number): string =>
      [
        head,
        ...Array.from({ length: 12 }, (_, round) =>
          timed.slice(0, 4).map((line) => {
            const ns = (1000 + round) * factor;
            const pass = { outNs: ns, inNs: ns, outPages: 100, inPages: 100 };
            return JSON.stringify({ ...line, round, first: pass, warm: pass });
          }),
        ).flat(),
        "",
      ].join("\n");
    const before = changed("before.jsonl", rounds(1));
    expect(command("compare", before, changed("same.jsonl", rounds(1.001))).status).toBe(0);
    expect(command("compare", before, changed("little.jsonl", rounds(1.04))).status).toBe(0);
    const slower = command("compare", before, changed("slower.jsonl", rounds(1.2)));
    expect(slower.stdout).toMatch(/ ×1\.20 .* slower/);
    expect(slower.status).toBe(1);
    expect(command("compare", changed("slow.jsonl", rounds(1.2)), before)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/ faster/),
    });
  });

  test.each([
    ["none.jsonl", null, /none\.jsonl: no such file/],
    ["text.jsonl", "hello\n", /text\.jsonl: line 1: expected JSON, got "hello"/],
    ["json.jsonl", "{}\n", /json\.jsonl: line 1: expected a header of xen-balloon results, got \{\}/],
    ["empty.jsonl", "", /empty\.jsonl: line 1: expected a header of xen-balloon results, got none/],
  ])("%s is refused", (name, text, message) => {
    const path = text === null ? join(folder, name) : changed(name, text);
    expectRefusal(command("compare", join(folder, "whole"), path), message);
    expectRefusal(command("report", path), message);
  });

  test("results of another schema, and lines that are none, are refused with their place", () => {
    const whole = join(folder, "whole");
    const next = changed("next.jsonl", results().replace('"schema":3', '"schema":4'));
    expectRefusal(command("compare", whole, next), /next\.jsonl: line 1, schema: expected schema 3, got 4/);
    const old = changed("old.jsonl", results().replace('"schema":3', '"schema":2'));
    expectRefusal(
      command("report", old),
      /old\.jsonl: line 1, schema: .* Measure again, into another folder: npx xen-/,
    );
    const lines = results().split("\n");
    const broken = changed("broken.jsonl", [...lines.slice(0, 3), "oops", ...lines.slice(3)].join("\n"));
    expectRefusal(command("compare", whole, broken), /broken\.jsonl: line 4: expected JSON, got "oops"/);
    const foreign = changed("foreign.jsonl", [lines[0], lines[1].replace(/"case":"\w+"/, '"case":"x"'), ""].join("\n"));
    expectRefusal(command("compare", whole, foreign), /line 2: expected a case of the header, got x/);
  });

  test("results of other cases have nothing to compare", () => {
    const other = file("other.yaml", STUDY.replace("2048", "1024").replace("time, ", ""));
    expect(study(other, "other").status).toBe(0);
    expectRefusal(
      command("compare", join(folder, "whole"), join(folder, "other")),
      /expected two results with a case in common, got "tiny" with 4 cases run and "other" with 4/,
    );
  });
});

test("a script beside the study is its workload, in phases", () => {
  const script = "config nr_pages=2048\nboot\n# phase out\ntarget 1024\nsettle\n# phase in\ntarget 2048\nsettle\n";
  file("mine.ops", script);
  const own = STUDY.replace("base: {", "base: { workload: ./mine.ops,").replace(
    "  workload: { levels: [bulk, rand] }\n",
    "",
  );
  expect(study(file("own.yaml", own), "own").status).toBe(0);
  expect(counts("own")).toEqual({ exact: 2, timed: 2 * 3, ended: 1 });
  expect(read("own", "report.md")).toContain("Workload ./mine.ops: a script of the study's own.");
  file("mine.ops", script.replace("# phase out", "").replace("# phase in", ""));
  expectRefusal(
    study(join(folder, "own.yaml"), "refused", "--dry-run"),
    /own\.yaml: line 4, base\.workload: .*mine\.ops: expected a phase to measure/,
  );
});

test("another build, a folder or a tarball, is measured in the same rounds", () => {
  const root = new URL("../../", import.meta.url);
  for (const part of ["dist", "build", "package.json"]) {
    cpSync(new URL(part, root), join(folder, "earlier", part), { recursive: true });
  }
  // a byte that changes nothing: the same build would be the same case
  appendFileSync(join(folder, "earlier", "dist", "cli", "exact-thread.js"), "\n");
  execFileSync("tar", ["-czf", "earlier.tgz", "earlier"], { cwd: folder });
  appendFileSync(join(folder, "earlier", "dist", "cli", "exact-thread.js"), "\n");
  const builds = STUDY.replace("[time, memoryOps, ", "[time, pagesMoved, ").replace(
    / {2}frameListCapacity[\s\S]*rand\] \}\n/,
    "  of: { levels: { now: {}, earlier: { build: ./earlier }, packed: { build: ./earlier.tgz } } }\n",
  );
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(study(file("builds.yaml", builds), "builds").status).toBe(0);
  expect(counts("builds")).toEqual({ exact: 3, timed: 2 * 4, ended: 1 });
  expect(new Set(linesOf("builds").flatMap((line) => line.case ?? [])).size).toBe(3);
  const report = read("builds", "report.md");
  expect(report).toContain("The same wherever cases were compared: ");
  expect(report).toMatch(/\| build \.\/earlier, SHA-256 \| [0-9a-f]{64} \|/);
  expect(report).toMatch(/\| build \.\/earlier\.tgz, SHA-256 \| [0-9a-f]{64} \|/);
  expect(readdirSync(temporary)).toEqual([]);
  // its own scripts run: without one of its modules it cannot
  rmSync(join(folder, "earlier", "build", "balloon.wasm"));
  const broken = study(join(folder, "builds.yaml"), "broken");
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/"of":"earlier"\} could not be run: .*balloon\.wasm/);
  expect(counts("broken")).toEqual({ exact: 2, failed: 1, timed: 2 * 3, ended: 1 });
  writeFileSync(join(folder, "earlier.tgz"), "no tarball");
  expectRefusal(
    study(join(folder, "builds.yaml"), "refused", "--dry-run"),
    /builds\.yaml: line 6, factors\.of\.levels\.packed\.build: build: .*earlier\.tgz: expected a tarball: /,
  );
  expect(readdirSync(temporary)).toEqual([]);
}, 240_000);

test("a demand's guests get a balloon each", () => {
  const demand = file(
    "two.csv",
    "time_s,vm,used_mib,provisioned_mib\n0,a,300,1024\n0,b,100,512\n60,a,700,1024\n60,b,50,512\n",
  );
  expect(study("replay", "replayed", "--demand", demand).status).toBe(0);
  expect(counts("replayed")).toEqual({ exact: 2, ended: 1 });
  const exact = read("replayed", "exact.csv");
  // 25 % above 300 and 700 MiB, of 1 GiB; at the second row 400 more are wanted and the headroom is free, less a scratch page
  for (const [measure, pages] of Object.entries({ pagesOut: 166_144, pagesIn: 128_000, shortPages: 83_201 })) {
    expect(exact).toContain(`,a,1,${measure},pages,${pages}\n`);
  }
  // a floor of 256 MiB, of 512
  expect(exact).toMatch(/,b,1,pagesOut,pages,65536\n.*,b,1,pagesIn,pages,0\n/);
  expect(read("replayed", "report.html")).toMatch(/<svg/);
  const wrong = study("replay", "replayed-not", "--demand", file("small.csv", "time_s,vm,used_mib\n0,a,0\n"));
  expectRefusal(wrong, /^xen-balloon: --demand: expected 2 pages or more in use by guest a, or maxPfn, got 0$/m);
  const alone = file("alone.csv", "time_ms,used_kib\n0,307200\n60000,716800\n");
  expect(study("replay", "alone", "--demand", alone).status).toBe(0);
  expect(read("alone", "report.md")).toMatch(/## Answer\n\nThe guest gave back [\d.]+ MiB on average/);
  expect(read("alone", "report.md")).toContain("| unnamed |");
});

describe("how a demand was read", () => {
  const text = "time_s;container_id;used_mib\n0;a;300\n0;b;100\n0;b;100\n60;a;nan\n60;b;50\n";
  const reading =
    'table; time from "time_s" (s); in use from "used_mib" (MiB); 2 guests by "container_id": a, b; 3 of 5 rows used, 1 equal to another, 1 without a figure; 1 min in all, a step of 1 min';

  test("is told in the plan and in the report's Method", () => {
    const demand = file("read.csv", text);
    expect(study("replay", "read", "--demand", demand, "--dry-run").stdout).toContain(
      `\ndemand ${demand}: ${reading}\n`,
    );
    expect(study("replay", "read", "--demand", demand).status).toBe(0);
    expect(read("read", "report.md")).toContain(`Demand ${demand}: ${reading}.`);
  });

  test("from standard input, too", () => {
    const { status, stdout } = fed(text, "study", "replay", "--demand", "-", "--dry-run");
    expect(status).toBe(0);
    expect(stdout).toContain(`\ndemand standard input: ${reading}\n`);
    const wrong = fed("0,1024\n300,2048\n", "study", "replay", "--demand", "-");
    expectRefusal(wrong, /^xen-balloon: --demand: standard input: line 1: expected names of columns such as time_s/);
  });

  test("with columns that the study names", () => {
    const demand = file("headless.csv", "0,300\n5,400\n");
    const columns = "base: { demand: headless.csv }\ncolumns: { timeUnit: min, usedUnit: MiB }";
    const yaml = STUDY.replace("base: { maxPfn: 2048 }", columns)
      .replace(/ {2}workload.*\n/, "")
      .replace("time, ", "");
    const planned = command("study", file("told.yaml", yaml), "--dry-run");
    expect(planned.stdout).toContain(`\ndemand ${demand}: table; time from "time" (min); in use from "used" (MiB)`);
    const other = file("other-units.csv", "time_s,used_mib\n0,300\n5,400\n");
    const doubt = /line 5, columns\.usedUnit: column "used_mib" says MiB; it is read as KiB/;
    const time = /line 5, columns\.timeUnit: column "time_s" says s; it is read as min/;
    const doubted = file("doubted.yaml", yaml.replace("usedUnit: MiB", "usedUnit: KiB"));
    const told = command("study", doubted, "--demand", other, "--dry-run").stdout;
    for (const said of [doubt, time]) expect(told).toMatch(said);
    const run = study(doubted, "doubted", "--demand", other);
    for (const said of [doubt, time]) expect(run.stderr).toMatch(said);
    expect(read("doubted", "report.md")).toMatch(
      /## Answer\n\n> \*\*The study may not say what was meant: line 5, col/,
    );
    const list = file("list.yaml", yaml.replace("usedUnit", "used: 5, usedUnit"));
    expectRefusal(command("study", list, "--dry-run"), /columns\.used: expected text or a list, got 5/);
  });
});
