/** The watch over drivers that get on, and those that do not. */
import { expect, test } from "vitest";
import { Stuckness } from "../../../../src/toolstack/policies/squeezed/stuckness.js";

/** Looks at one domain again and again: time in ms, actual; answers whether it is stuck after each look. */
function series(targetKib: number, looks: readonly (readonly [number, number])[]): boolean[] {
  const stuckness = new Stuckness();
  return looks.map(([nowMs, actualKib]) => {
    const range = { dynamicMinKib: 0, dynamicMaxKib: 0, inaccuracyKib: 4, canBalloon: true };
    stuckness.update([{ domid: 3, targetKib, actualKib, ...range }], nowMs);
    return stuckness.isStuck(3);
  });
}

test("more than five seconds without progress", () => {
  const looks = [0, 4999, 5000, 5001].map((nowMs) => [nowMs, 900] as const);
  expect(series(500, looks)).toEqual([false, false, false, true]);
});

test("progress renews the time, and ends being stuck", () => {
  expect(
    series(500, [
      [0, 900],
      [6000, 900],
      [7000, 899],
      [12_000, 899],
      [12_001, 899],
    ]),
  ).toEqual([false, true, false, false, true]);
});

test("a move away from the target is no progress", () => {
  expect(
    series(500, [
      [0, 900],
      [3000, 950],
      [6000, 1000],
    ]),
  ).toEqual([false, false, true]);
});

test("on target nothing is renewed and nothing forgiven", () => {
  expect(
    series(500, [
      [0, 900],
      [6000, 900],
      [7000, 504],
      [8000, 505],
    ]),
  ).toEqual([false, true, true, true]);
});

test("a domain that is gone is forgotten: it comes back as a new one", () => {
  const stuckness = new Stuckness();
  const range = { dynamicMinKib: 0, dynamicMaxKib: 0, inaccuracyKib: 4, canBalloon: true };
  const stuck = { domid: 3, targetKib: 500, actualKib: 900, ...range };
  stuckness.update([stuck], 0);
  stuckness.update([], 3000);
  stuckness.update([stuck], 6000);
  expect([stuckness.isStuck(3), stuckness.isStuck(4)]).toEqual([false, true]);
});
