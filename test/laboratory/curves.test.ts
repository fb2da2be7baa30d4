/** The curves are those of the command's trace: point by point, at every pace. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { History, pointAt } from "../../apps/laboratory/charts/history.js";
import { Engine } from "../../apps/laboratory/session/engine.js";
import type { Sample, Snapshot } from "../../apps/laboratory/session/messages.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { loadModules } from "../../src/index.js";
import { traceScript } from "../../src/scenario/run.js";
import { parseScript } from "../../src/scenario/script.js";
import { release } from "../support/engines.js";

const folder = new URL("../fixtures/scenarios/", import.meta.url);
const scenarios = readdirSync(folder).filter((name) => name.endsWith(".ops"));

const modules = loadModules();

/** The part of a trace line that the curves show. */
interface Point {
  readonly operation: number;
  readonly now: number;
  readonly stats: Sample["stats"];
  readonly credit: number;
  readonly host_free: number;
  readonly work: number | null;
}

/** Plays a script as the page has it played: up to the boot at once, then as a program. */
async function played(text: string, pace: number): Promise<{ samples: Sample[]; last: Snapshot }> {
  const script = parseScript(text);
  const engine = new Engine(modules);
  await engine.configure(
    text
      .split("\n")
      .filter((line) => /^[ \t]*config\b/.test(line))
      .join("\n"),
  );
  const items = script.steps.map((step) => [step.text]);
  await engine.play({ name: "test", unit: "operation", items });
  await engine.pace(pace, true);
  const samples: Sample[] = [];
  for (;;) {
    const last = await engine.look(null);
    samples.push(...last.samples);
    const { playing, program, failure } = last.playback;
    if (failure !== null) throw new Error(failure);
    if (!playing || program?.done === program?.of) {
      await engine.pace(pace, false);
      return { samples, last };
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function traced(text: string): Point[] {
  const lines = traceScript(parseScript(text), (pages, base) => new WasmMachine(release, pages, base));
  return [...lines].flatMap((line) => {
    const { i, now, stats, credit, host_free, work } = JSON.parse(line);
    return stats === undefined ? [] : [{ operation: i, now, stats, credit, host_free, work }];
  });
}

function pointsOf(samples: readonly Sample[]): Point[] {
  return samples.flatMap(({ operation, nowMs, stats, creditPages, hostFreeFrames, workDueMs }) =>
    operation === null
      ? []
      : [{ operation, now: nowMs, stats, credit: creditPages, host_free: hostFreeFrames, work: workDueMs }],
  );
}

describe("a sample after each operation is the trace's line", () => {
  test.each(scenarios)("%s, as fast as possible", async (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { samples } = await played(text, Number.POSITIVE_INFINITY);
    expect(pointsOf(samples)).toEqual(traced(text));
  });

  const LONG = `config max_pfn=8192 nr_pages=8192 host_pages=8192
boot
target 4096
advance 500
host_take 2000
target 8192
advance 25500
host_give 2000
advance 9000
`;
  test.each([1000, 7919, 100_000])("at %d s a second", async (pace) => {
    const { samples } = await played(LONG, pace);
    expect(pointsOf(samples)).toEqual(traced(LONG));
  });

  test.each([1000, Number.POSITIVE_INFINITY])(
    "and the curves hold its values from its time on, at %d s a second",
    async (pace) => {
      const { samples, last } = await played(LONG, pace);
      const history = new History();
      history.add(samples, last.now);
      const { columns } = history;
      const lines = traced(LONG);
      for (const [i, { now, stats, credit, host_free, work }] of lines.entries()) {
        // of what happens at one time the last holds: the operation before the next, or the run that is due
        if (lines[i + 1]?.now === now || work === now) continue;
        const at = pointAt(columns.virtualSeconds, now / 1000);
        expect({
          current: columns.currentPages[at],
          target: columns.targetPages[at],
          credit: columns.creditPages[at],
          free: columns.hostFreePages[at],
        }).toEqual({
          current: stats.current_pages,
          target: stats.target_pages,
          credit,
          free: host_free,
        });
      }
      expect(columns.virtualSeconds[0]).toBe(0);
    },
  );

  test("the runs of the worker between are there, at their own times, whatever the pace", async () => {
    const runs = ({ samples }: { samples: Sample[] }): object[] =>
      samples
        .filter(({ operation }) => operation === null)
        .map(({ nowMs, stats, hostFreeFrames }) => ({ nowMs, stats, hostFreeFrames }));
    const fast = runs(await played(LONG, Number.POSITIVE_INFINITY));
    expect(fast.map((sample) => (sample as { nowMs: number }).nowMs)).toEqual([0, 500, 2500, 6500, 14_500, 30_500]);
    expect(runs(await played(LONG, 1000))).toEqual(fast);
  });
});
