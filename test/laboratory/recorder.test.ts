/** The script of what was done in the laboratory. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Recorder } from "../../apps/laboratory/session/recorder.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { ScriptError } from "../../src/scenario/script-error.js";
import { release } from "../support/engines.js";
import { allScripts } from "../support/random-scripts.js";
import { runs } from "../support/seed.js";

const CONFIG = "config max_pfn=64\n";

function recorded(...lines: string[]): Recorder {
  const recorder = new Recorder(CONFIG);
  for (const line of lines) recorder.add(line);
  return recorder;
}

describe("Recorder", () => {
  test("begins with the config lines, and ends every line", () => {
    expect(new Recorder(CONFIG).text).toBe(CONFIG);
    expect(new Recorder("config max_pfn=64").text).toBe(CONFIG);
    expect(new Recorder("").text).toBe("");
    const recorder = recorded("boot", "target  32");
    expect(recorder.text).toBe(`${CONFIG}boot\ntarget 32\n`);
    expect(recorder.operations).toBe(2);
  });

  test("adds up time that passes in a row", () => {
    const recorder = recorded(
      "boot",
      "advance 16",
      "advance 17",
      "advance 0",
      "target 9",
      "advance 1",
      "run",
      "advance 2",
    );
    expect(recorder.text).toBe(`${CONFIG}boot\nadvance 33\ntarget 9\nadvance 1\nrun\nadvance 2\n`);
    expect(recorder.operations).toBe(6);
  });

  test("leaves apart what does not add up exactly", () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(recorded(`advance ${most}`, "advance 1", "advance 1").text).toBe(`${CONFIG}advance ${most}\nadvance 2\n`);
  });

  test("refuses what is no operation, and says in which line it would have stood", () => {
    const recorder = recorded("boot", "advance 5");
    for (const line of ["fly", "advance -1", "", "# a comment", "config max_pfn=1"]) {
      expect(() => recorder.add(line)).toThrow(ScriptError);
    }
    expect(() => recorder.add("advance x")).toThrow("line 4: advance: expected MS");
    expect(recorder.text).toBe(`${CONFIG}boot\nadvance 5\n`);
  });

  test("what it keeps ends as what was done, however time passed", { timeout: 300_000 }, () => {
    let merged = 0;
    let bugs = 0;
    const passing = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(0, 999, 1000, 1001, 31_999, 64_000)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(allScripts, fc.array(passing, { minLength: 1, maxLength: 8 }), (script, times) => {
        const { steps } = parseScript(script);
        const [config] = script.split("\n", 1);
        const done = steps.flatMap(({ text }, i) => [text, ...times[i % times.length].map((ms) => `advance ${ms}`)]);
        // the last line is the same in both, so that what the last operation did is, too
        done.push("settle 60000");
        const recorder = new Recorder(config);
        for (const line of done) recorder.add(line);
        merged += done.length - recorder.operations;
        const end = endOf(recorder.text);
        expect(end).toEqual(endOf(`${config}\n${done.join("\n")}\n`));
        if ("bug" in end) bugs++;
      }),
      runs(100),
    );
    expect(merged).toBeGreaterThan(1000);
    expect(bugs).toBeGreaterThan(5);
  });
});

/** The last line of the trace, but for which operation it is of. */
function endOf(script: string): object {
  const lines = [...traceScript(parseScript(script), (pages, base) => new WasmMachine(release, pages, base))];
  const { i: _i, op: _op, ...end } = JSON.parse(lines[lines.length - 1]);
  return end;
}
