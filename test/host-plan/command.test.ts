/** The command host: what it leaves, what it refuses, and policies of the user's own that fail. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { command, type Ended } from "../support/command.js";

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-host-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PLAN = `format: xen-balloon host 1
title: A small host
question: Who waits for <memory>?
span: 10 min
base: { size: [1 GiB, 1280 MiB], policy: [qmemman, keep], usPerPage: 4.3 }
guests:
  - { name: web, memory: 512 MiB, minimum: 256 MiB, maximum: 1 GiB, demand: { 0 s: 300 MiB, 4 min: 700 MiB } }
  - { name: db, memory: 300 MiB, minimum: 256 MiB, maximum: 512 MiB, demand: load.csv }
`;
const CASES = 4;
const DEMAND = "time_s,used_mib\n0,200\n300,350\n600,200\n";
const VIEWS = ["report.html", "report.md"];

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
file("load.csv", DEMAND);
const plan = file("small.yaml", PLAN);

const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), "utf8");
const host = (name: string, out: string, ...more: readonly string[]): Ended =>
  command("host", name, "--out", join(folder, out), ...more);

/** The lines of a results file after its header. */
function linesOf(out: string): { kind: string; case?: string; problem?: string }[] {
  const lines = read(out, "results.jsonl").trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line));
}

const measuredIn = (out: string): string[] =>
  read(out, "results.jsonl")
    .split("\n")
    .filter((line) => line.startsWith('{"kind":"exact"'))
    .sort();

describe("a plan", () => {
  test("is run case by case, and leaves results and a report that cites what went in", () => {
    const { status, stdout } = host(plan, "whole");
    expect(status).toBe(0);
    expect(stdout).toBe(`${join(folder, "whole", "report.html")}\n`);
    expect(linesOf("whole").map(({ kind }) => kind)).toEqual([...Array(CASES).fill("exact"), "ended"]);
    const report = read("whole", "report.md");
    expect(report).toMatch(/^# A small host/);
    expect(report).toMatch(/demand load\.csv, SHA-256/);
    expect(report).toMatch(/plan, SHA-256/);
    const header = JSON.parse(read("whole", "results.jsonl").split("\n")[0]);
    expect(header.demands[0]).toMatch(/load\.csv: table; time from "time_s"/);
    expect(read("whole", "report.html")).not.toContain("Who waits for <memory>");
  });

  test("that was interrupted goes on where it was, to the same results and report", () => {
    const whole = read("whole", "results.jsonl").split("\n");
    mkdirSync(join(folder, "part"));
    // half a line was cut off as it was written
    file("part/results.jsonl", `${whole.slice(0, 2).join("\n")}\n${whole[2].slice(0, 99)}`);
    const again = host(plan, "part");
    expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/is there already: --resume goes on/)]);
    expect(host(plan, "part", "--resume").status).toBe(0);
    expect(measuredIn("part")).toEqual(measuredIn("whole"));
    expect(host(plan, "part", "--resume").stderr).toBe("");
    const other = host(file("other.yaml", PLAN.replace("10 min", "11 min")), "part", "--resume");
    expect([other.status, other.stderr]).toEqual([2, expect.stringMatching(/results of other cases: the plan or its/)]);
  });

  test("has its report written anew; compare takes results of studies alone", () => {
    const before = VIEWS.map((name) => read("whole", name));
    expect(command("report", join(folder, "whole")).status).toBe(0);
    expect(VIEWS.map((name) => read("whole", name))).toEqual(before);
    const { status, stderr } = command("compare", join(folder, "whole"), join(folder, "part"));
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/line 1, kind: expected results of a study, got "host"/),
    ]);
  });

  test("is shown by a dry run, with its cases and doubts, and nothing is left", () => {
    const { status, stdout } = host(plan, "none", "--dry-run");
    expect(status).toBe(0);
    expect(stdout).toMatch(/case +size +policy +at start +at most/);
    expect(stdout).toMatch(/[0-9a-f]{16} +1280 MiB +keep +812 MiB +1\.5 GiB/);
    expect(stdout).toMatch(/4 cases of 2 guests, each run once/);
    const early = file("early.yaml", PLAN.replace("10 min", "1 h"));
    expect(host(early, "none", "--dry-run").stdout).toMatch(
      /warning: line 8, guests\[1\]\.demand: db: its demand ends after 15 min, 45 min early: its last value holds on/,
    );
    expect(() => read("none", "results.jsonl")).toThrow(/ENOENT/);
  });

  test("prints the log of one case's policy", () => {
    const [, id] = /([0-9a-f]{16}) +1 GiB +qmemman/.exec(host(plan, "none", "--dry-run").stdout) ?? [];
    const { status, stdout } = command("host", plan, "--log", id.slice(0, 12));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d{3} s {2}\S/);
    const none = command("host", plan, "--log", "xyz");
    expect([none.status, none.stderr]).toEqual([
      2,
      expect.stringMatching(/--log: none of the plan's cases begins with xyz/),
    ]);
  });

  test("that comes with the package is found by its name", () => {
    const { status, stdout } = command("host", "first-host", "--dry-run");
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^A first host\n/)]);
    const { stderr } = command("host", "no-such");
    expect(stderr).toMatch(/no-such: no such file, and no plan of that name; there are .*first-host/);
  });
});

describe("a policy of the user's own", () => {
  const text = (policy: string): string =>
    PLAN.replace("[qmemman, keep]", policy).replace("[1 GiB, 1280 MiB]", "2 GiB");

  test("that throws, answers nonsense or loops fails alone, with its time, guest and answer", () => {
    file("throws.mjs", "export function* run(xen) { yield { ms: 60000, forEvent: false }; xen.nothing.here(); }");
    const target = (value: string): string => `xen.store.write(1, "memory/target", ${value});`;
    file("nonsense.mjs", `export function* run(xen) { ${target("NaN")} }`);
    file(
      "loops.mjs",
      `export function* run(xen) { ${target('"500000"')} yield { ms: 5000, forEvent: false }; for (;;); }`,
    );
    const mixed = file("mixed.yaml", text("[./loops.mjs, ./throws.mjs, ./nonsense.mjs, keep]"));
    const { status, stderr } = host(mixed, "mixed");
    expect(status).toBe(1);
    const problems = linesOf("mixed").flatMap(({ problem }) => problem ?? []);
    expect(problems).toHaveLength(3);
    expect(problems.find((problem) => problem.includes("throws"))).toMatch(/failed at 60000 ms: .*'here'/);
    expect(problems.find((problem) => problem.includes("nonsense"))).toMatch(/memory\/target of web: .* got null/);
    expect(problems.find((problem) => problem.includes("loops"))).toMatch(
      /gave no answer for 20 s and was ended at 5\.000 s of the host's time; the last guest that it told a target was web/,
    );
    expect(measuredIn("mixed")).toHaveLength(1);
    expect(stderr).toMatch(/"policy":"\.\/loops\.mjs"\} could not be run: the policy \.\/loops\.mjs gave no answer/);
  });

  test("that asks for chance or the real time, or writes a key that nobody reads, fails and says so", () => {
    file("chance.mjs", "export function* run() { if (Math.random() < 2) return; }");
    file("date.mjs", "export function* run() { if (new Date(0).getTime() === 0) Date.now(); }");
    file("key.mjs", 'export function* run(xen) { xen.store.write(1, "/memory/target", "500000"); }');
    const { status } = host(file("alike.yaml", text("[./chance.mjs, ./date.mjs, ./key.mjs]")), "alike");
    expect(status).toBe(1);
    const problems = linesOf("alike").flatMap(({ problem }) => problem ?? []);
    expect(problems.sort()).toEqual([
      expect.stringMatching(/chance\.mjs failed at 0 ms: Math\.random\(\): a policy decides alike at each run; /),
      expect.stringMatching(
        /date\.mjs failed at 0 ms: the real time: a policy decides alike at each run; .* xen\.nowMs/,
      ),
      expect.stringMatching(
        /key\.mjs failed at 0 ms: \/memory\/target of web: expected a key that is read: memory\/target, /,
      ),
    ]);
  });

  test("is refused before anything runs where it has no run, or does not load", () => {
    const refusal = (name: string, module: string): string => {
      file(name, module);
      const { status, stderr } = host(file("refused.yaml", text(`./${name}`)), "none");
      expect(status).toBe(2);
      return stderr;
    };
    expect(refusal("go.mjs", "export const go = 1;")).toMatch(
      /refused\.yaml: line 5, base\.policy: expected a module that exports run\(xen\), a generator, got go\n$/,
    );
    const broken = "const one = 1;\nexport function* run( {";
    expect(refusal("broken.mjs", broken)).toMatch(/line 5, base\.policy: \S*broken\.mjs, line 2: Unexpected/);
    file("part.mjs", "export const = 5;");
    expect(refusal("whole.mjs", 'import "./part.mjs";\nexport function* run() {}')).toMatch(
      /part\.mjs, line 1: Unexpected/,
    );
    expect(refusal("lonely.mjs", 'import "./none.mjs";')).toMatch(/base\.policy: \S*none\.mjs: no such file/);
    expect(refusal("early.mjs", 'throw new Error("not today");')).toMatch(/line 5, base\.policy: not today/);
  });

  test("is cited with what it imports, and no case finds what another left there", () => {
    file("count.mjs", "export const cases = { count: 0 };");
    const counting =
      'import { cases } from "./count.mjs";\nexport function* run() { if (cases.count++ > 0) throw "another"; }';
    file("counting.mjs", counting);
    const many = text("./counting.mjs").replace("2 GiB", "[2 GiB, 3 GiB, 4 GiB, 5 GiB, 6 GiB]");
    expect(host(file("counting.yaml", many), "counting").status).toBe(0);
    expect(measuredIn("counting")).toHaveLength(5);
    const { contents } = JSON.parse(read("counting", "results.jsonl").split("\n")[0]);
    const policies = contents.filter(({ kind }: { kind: string }) => kind === "policy");
    expect(policies).toMatchObject([{ name: "./counting.mjs" }, { name: "count.mjs" }]);
    file("count.mjs", "export const cases = { count: -1 };");
    expect(host(join(folder, "counting.yaml"), "counting", "--resume").stderr).toMatch(/results of other cases/);
  });

  test("that is no generator fails", () => {
    file("plain.mjs", "export function run() { return 5; }");
    expect(host(file("plain.yaml", text("./plain.mjs")), "plain").status).toBe(1);
    expect(linesOf("plain")[0].problem).toMatch(/expected a generator, function\*, that is not async/);
  });

  test("is not put on a queue", () => {
    file("quiet.mjs", "export function* run() {}");
    const queued = host(file("queued.yaml", text("./quiet.mjs")), "none", "--queue", "redis://127.0.0.1:1");
    expect([queued.status, queued.stderr]).toEqual([
      2,
      expect.stringMatching(/--queue: its workers load no policy of yours, such as \.\/quiet\.mjs/),
    ]);
  });
});

describe("vectors", () => {
  const vectors = (name: string, ...cases: readonly object[]): Ended => {
    mkdirSync(join(folder, name));
    file(`${name}/cases.json`, JSON.stringify(cases));
    return command("host", "--vectors", join(folder, name));
  };
  const meminfo = { fn: "sanitize_and_parse_meminfo", input: "100", result: 102_400 };

  test("are compared, and an answer that differs is told by the exit status", () => {
    expect(vectors("equal", meminfo)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/\n1 passed, 0 failed\n$/),
    });
    expect(vectors("other", meminfo, { ...meminfo, result: 1 })).toMatchObject({ status: 1 });
  });

  test("before a plan are counted in its report, and told where they differ", () => {
    const wrong = { fn: "sanitize_and_parse_meminfo", input: "100", result: 1 };
    vectors("counted", meminfo, wrong);
    const { status, stderr } = host(plan, "compared", "--vectors", join(folder, "counted"));
    expect([status, stderr]).toEqual([0, expect.stringMatching(/expected 1, got 102400/)]);
    const report = read("compared", "report.md");
    expect(report).toMatch(/policy qmemman.*It gives 1 of 2 recorded answers of the real one/);
    expect(report).toMatch(/policy keep.*It was compared with no recorded answers of a real one/);
  });

  test("of no kind that is known, or in no folder, are refused", () => {
    const unknown = vectors("unknown", { fn: "no_such", result: 1 });
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringMatching(/got none that is known/)]);
    const none = command("host", "--vectors", join(folder, "nowhere"));
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/nowhere: expected a folder of vectors/)]);
  });
});
