/** The figures of timed runs, and the guests that do them. */
import { describe, expect, test } from "vitest";
import { readSide } from "../../../apps/laboratory/comparison/behaviour.js";
import { Herd } from "../../../apps/laboratory/comparison/comparison-herd.js";
import { guestsFor, rowsOf, type Timed } from "../../../apps/laboratory/comparison/timing.js";
import { timerGrainNs } from "../../../apps/study/timer-grain.js";
import { engines } from "../../support/engines.js";

const timed = (samplesNs: readonly number[], more: Partial<Timed> = {}): Timed => {
  return { guests: 2, pages: 50, calls: 8, samplesNs, ...more };
};

describe("figures", () => {
  test("are medians of a run and of a page, which a slow sample leaves alone", () => {
    const { run, page } = rowsOf({ a: timed([100, 200, 300, 400, 90_000]), b: null });
    expect(run.figures).toEqual({ a: expect.objectContaining({ value: 150, low: 50, n: 5 }), b: null });
    expect(page.figures.a).toMatchObject({ value: 3, low: 1, n: 5 });
    expect([run.ratio, page.ratio]).toEqual([null, null]);
  });

  test("have a ratio of B to A; that of a page by the pages of each", () => {
    const { run, page } = rowsOf({ a: timed([200]), b: timed([6000], { pages: 100 }) });
    expect(run.ratio).toMatchObject({ value: expect.closeTo(30, 9), n: 1 });
    expect(page.ratio).toMatchObject({ value: expect.closeTo(15, 9), n: 1 });
  });

  test("of sides of which one moves no page are those of a run alone", () => {
    const { run, page } = rowsOf({ a: timed([200]), b: timed([400], { pages: 0 }) });
    expect(run.ratio).toMatchObject({ value: expect.closeTo(2, 9) });
    expect(page).toEqual({ figures: { a: null, b: null }, ratio: null });
  });

  test("have the ratio of the rounds, so that a slow round slows both", () => {
    const a = [...Array(8).fill(100), ...Array(4).fill(1000)];
    const { ratio } = rowsOf({ a: timed(a), b: timed(a.map((ns) => 3 * ns)) }).run;
    const three = expect.closeTo(3, 9);
    expect(ratio).toMatchObject({ value: three, low: three, high: three, n: 3 });
  });
});

test("a sample has as many guests as make it long enough", () => {
  expect(guestsFor(0.5, 2, 40)).toBe(4);
  expect(guestsFor(0.6, 2, 40)).toBe(4);
  expect(guestsFor(5, 2, 40)).toBe(1);
  expect(guestsFor(0.01, 2, 40)).toBe(40);
  // a run that takes less than the timer's grain
  expect(guestsFor(0, 2, 40)).toBe(40);
});

test("the timer's grain is a step of the clock", () => {
  expect(timerGrainNs(200)).toBeGreaterThan(0);
  expect(timerGrainNs(200)).toBeLessThan(1e6);
});

describe.each(engines)("guests of %s", (_, makeMachine) => {
  const config = "config driver=modern dom0=1 max_pfn=4096 nr_pages=4096";
  const script = readSide(config, "target 1024\nrun\nballoon_alloc a 10 0\ntarget 4096\nrun");

  test("do the same from their boot on, run by run", () => {
    const herd = new Herd(script, makeMachine, 3, 12);
    for (let run = 0; run < 3; run++) {
      herd.prepare();
      herd.run();
      herd.check();
    }
  });

  test("that did something else are an error", () => {
    const herd = new Herd(script, makeMachine, 2, 11);
    herd.prepare();
    herd.run();
    expect(() => herd.check()).toThrow("memory_op calls: expected 12, got 13");
    const twice = new Herd(script, makeMachine, 1, 12);
    twice.run();
    twice.run();
    expect(() => twice.check()).toThrow("memory_op calls: expected 13, got ");
  });
});
