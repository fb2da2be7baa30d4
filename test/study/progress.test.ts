/** The time left is learnt from what was done, for each kind of step by itself. */
import { expect, test } from "vitest";
import { Progress } from "../../apps/cli/progress.js";

/** Does steps on a clock of its own. */
function doing(total: number, expected: { exact: number; timed: number }) {
  let now = 0;
  const progress = new Progress(total, expected, () => now);
  return {
    progress,
    step(kind: "exact" | "timed", expectedMs: number, tookMs: number) {
      now += tookMs;
      progress.step(kind, expectedMs);
    },
  };
}

test("before anything is done it is what was expected; then as much longer as steps took", () => {
  const { progress, step } = doing(10, { exact: 10_000, timed: 0 });
  expect(progress.leftMs()).toBe(10_000);
  step("exact", 1000, 3000);
  expect(progress.leftMs()).toBe(27_000);
  for (let i = 0; i < 4; i++) step("exact", 1000, 3000);
  expect(progress.leftMs()).toBe(15_000);
});

test("how wrong one kind was says nothing of the other, once that has begun", () => {
  const { progress, step } = doing(4, { exact: 2000, timed: 20_000 });
  step("exact", 1000, 3000);
  step("exact", 1000, 3000);
  expect(progress.leftMs()).toBe(60_000);
  step("timed", 10_000, 10_000);
  expect(progress.leftMs()).toBe(10_000);
  step("timed", 10_000, 10_000);
  expect(progress.leftMs()).toBe(0);
});
