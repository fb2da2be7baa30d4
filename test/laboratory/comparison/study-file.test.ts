/** A comparison saved as a study is run by the command, which counts what the page counted. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Behaviour, behave, readSide } from "../../../apps/laboratory/comparison/behaviour.js";
import { type Both, both, differences, type Side } from "../../../apps/laboratory/comparison/side.js";
import { studyOf } from "../../../apps/laboratory/comparison/study-file.js";
import { command } from "../../support/command.js";
import { engines } from "../../support/engines.js";

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-comparison-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MACHINES = { wasm: engines[0][1], reference: engines[2][1] };

const side = (config: string, more: Partial<Side> = {}): Side => ({ config, engine: "wasm", build: "", ...more });

function ran({ config, engine }: Side, operations: string): Behaviour {
  const run = behave(readSide(config, operations), MACHINES[engine]);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

function saved(sides: Both<Side>, operations: string, timed = false): { text: string; runs: Both<Behaviour> } {
  const runs = both((name) => ran(sides[name], operations));
  return { text: studyOf({ sides, runs, differ: differences(sides), timed }), runs };
}

/** The counts of each level. */
function studied(text: string, name: string): Record<string, object> {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  const dry = command("study", file, "--dry-run");
  expect(dry).toMatchObject({ status: 0, stderr: "" });
  const out = join(folder, name);
  const ended = command("study", file, "--out", out);
  expect(ended.stderr).not.toContain("refused");
  expect(ended.status).toBe(0);
  const [header, ...lines] = readFileSync(join(out, "results.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const exact = lines.filter(({ kind }) => kind === "exact");
  return Object.fromEntries(
    header.cases.map(({ id, levels }: { id: string; levels: { side: string } }) => [
      levels.side,
      exact.find((line) => line.case === id).measures,
    ]),
  );
}

/** Not those of the targets of each phase, and of the memory of another process. */
function counted(counts: object): object {
  return { ...counts, outMissedPages: 0, inMissedPages: 0, memoryBytes: 0 };
}

const CONFIG = "config domain=pv max_pfn=4096 nr_pages=4096 host_pages=4096 reserved=16";
const FULL = "target 1024\nadvance 500\nhost_take 9999\ntarget 4096\nadvance 20000\nhost_give 9999\nadvance 30000";
const MODERN = CONFIG.replace("config", "config driver=modern");

describe("a saved comparison runs as a study and gives the same counts:", () => {
  test.each<[string, Both<Side>, string]>([
    ["drivers", { a: side(CONFIG), b: side(MODERN) }, FULL],
    ["engines", { a: side(CONFIG), b: side(CONFIG, { engine: "reference" }) }, FULL],
    [
      "options",
      { a: side(CONFIG), b: side(`${CONFIG} scrub=0 frame_list=64 watermark=100 hole=50,20 hole=90,1 extra=4000,96`) },
      "guest_alloc 1000 1\ntarget 1024\nsettle 5000\nballoon_alloc a 9999 1\nballoon_alloc b 5 0\ntarget 4000\nsettle",
    ],
    ["the-initial-domain", { a: side(MODERN), b: side(`${MODERN} dom0=1 dom0_reservation=2048`) }, "target 1024\nrun"],
    ["nothing-moves", { a: side(CONFIG), b: side(`${CONFIG} cpus=2`) }, "advance 1000\nrun"],
  ])("%s", (name, sides, operations) => {
    const { text, runs } = saved(sides, operations);
    const counts = studied(text, name);
    for (const [level, run] of [
      ["A", runs.a],
      ["B", runs.b],
    ] as const) {
      expect(counted(counts[level])).toEqual(counted(run.counts as object));
    }
  });

  test("timed, too, where times were compared", () => {
    const { text } = saved({ a: side(CONFIG), b: side(MODERN) }, "target 1024\nrun", true);
    const file = join(folder, "timed.yaml");
    writeFileSync(file, text);
    const dry = command("study", file, "--dry-run");
    expect(dry).toMatchObject({ status: 0, stderr: "" });
    expect(dry.stdout).toMatch(/processes to time/);
  });
});

test("an operation in which pages went out on one side and in on the other is in no phase, which the file says", () => {
  // A's host is full, so it is still small when the target falls
  const sides = { a: side(CONFIG), b: side(`${CONFIG} host_pages=8192`) };
  const operations = "target 2048\nrun\nhost_take 2048\ntarget 4096\nrun\ntarget 3000\nhost_give 2048\nadvance 60000";
  const { text, runs } = saved(sides, operations);
  const ways = runs.a.operations.map(({ movedPages }, i) =>
    [movedPages, runs.b.operations[i].movedPages].map(Math.sign),
  );
  const opposed = ways.findIndex(([a, b]) => a * b < 0);
  if (opposed < 0) throw new Error(`expected an operation with opposed moves, got ${JSON.stringify(ways)}`);
  expect(text).toContain("# phase none");
  expect(text).toContain(`Operation ${opposed + 1}, ${runs.a.operations[opposed].text}, is in no phase`);
  studied(text, "opposed");
});

test("another build is in the file, which asks for it", () => {
  const { text } = saved({ a: side(CONFIG), b: side(CONFIG, { build: "../old.tgz" }) }, "target 1024\nrun");
  expect(text).toContain('B: {"build":"../old.tgz"}');
  const file = join(folder, "build.yaml");
  writeFileSync(file, text);
  expect(command("study", file, "--dry-run").stderr).toContain("old.tgz: no such folder or tarball");
});

describe("is refused", () => {
  test.each([
    ["without a difference", CONFIG, "target 9\nrun", "A and B are the same: a study would compare a case with itself"],
    ["without operations", MODERN, "", "there are no operations: a study would have nothing to measure"],
    [
      "with an operation that failed",
      MODERN,
      "run\nboot",
      "operation 2, boot, returned -17 on A: a study runs scripts whose operations succeed",
    ],
  ])("%s", (_, b, operations, problem) => {
    expect(() => saved({ a: side(CONFIG), b: side(b) }, operations)).toThrow(problem);
  });

  test("where a side ended in a BUG_ON", () => {
    const sides = { a: side(CONFIG), b: side(`${CONFIG} scrub=0`) };
    expect(() => saved(sides, "on_cpu 3\ntarget 9\nrun")).toThrow(/^A ends in BUG_ON\(.*\): a study runs scripts to/);
  });
});
