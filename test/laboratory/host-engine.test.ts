/** The laboratory's recording of a host is that of its outcome, and its repetition is the same run. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadModules } from "xen-balloon";
import { HostEngine } from "../../apps/laboratory/host/host-engine.js";
import { readPlan } from "../../apps/laboratory/host/plan-text.js";
import { READY_PLANS } from "../../apps/laboratory/host/ready-plans.js";
import { Recording } from "../../apps/laboratory/host/recording.js";
import { standingOf } from "../../apps/laboratory/host/standing.js";

const PAGE_KIB = 4;

async function recorded(id: string) {
  const plan = readPlan(READY_PLANS.find((ready) => ready.id === id)?.text ?? "");
  const engine = new HostEngine(loadModules());
  const outcome = await engine.run(plan);
  const recording = new Recording(plan.host.spanMs);
  recording.add(await engine.take());
  const told = (name: string, timeMs: number): string => {
    const at = plan.host.guests.findIndex((guest) => guest.name === name);
    const sample = recording.samples[recording.sliceAt(timeMs)].guests[at];
    return standingOf(plan.host.guests[at], sample, recording, timeMs, plan.policy).words;
  };
  return { plan, engine, outcome, recording, told };
}

describe("four guests under squeezed", () => {
  let run: Awaited<ReturnType<typeof recorded>>;
  beforeAll(async () => {
    run = await recorded("squeezed");
  });

  it("are recorded as the outcome's time line has them", () => {
    const { outcome, recording } = run;
    const [, ...slices] = recording.samples;
    expect(recording.isComplete).toBe(true);
    expect(slices.map(({ timeMs }) => timeMs)).toEqual(outcome.timeLine.timeMs);
    expect(slices.map(({ freeKib }) => freeKib)).toEqual(outcome.timeLine.freeKib);
    for (const [i, guest] of outcome.timeLine.guests.entries()) {
      for (const field of ["usedKib", "heldKib", "targetKib"] as const) {
        expect(slices.map(({ guests }) => guests[i][field])).toEqual(guest[field]);
      }
    }
  });

  it("tell who is short, and why", () => {
    expect(run.told("db", 80_000)).toBe("");
    expect(run.told("db", 120_000)).toMatch(/^Short of 1\.\d+ GiB: squeezed never looks at demand$/);
  });

  it("have the same pages at a moment, whichever moment was looked at before", async () => {
    const { engine, recording } = run;
    const at = async (slice: number) => {
      const pfnLimit = (await engine.pfnLimit("db", slice)) ?? 0;
      const ranges = [{ pfn: 0, pages: pfnLimit, cellPages: pfnLimit }];
      return (await engine.census("db", slice, ranges))?.[0].counts;
    };
    const late = await at(300);
    const early = await at(2);
    expect(await at(300)).toEqual(late);
    expect(early).not.toEqual(late);
    for (const [slice, counts] of [
      [300, late],
      [2, early],
    ] as const) {
      const backed = (counts?.inUse[0] ?? 0) + (counts?.free[0] ?? 0);
      // the balloon and the maximum are what it does not hold
      expect(Math.abs(backed * PAGE_KIB - recording.samples[slice].guests[0].heldKib)).toBeLessThan(64);
    }
  });
});

describe("a guest without a driver", () => {
  it("keeps another from its start, which is told in the daemon's words", async () => {
    const { recording, told, engine } = await recorded("stuck-donor");
    expect(told("legacy", 30_000)).toBe("It has no balloon driver");
    expect(told("new", 30_000)).toBe("Is to start at 0:01:00");
    expect(told("new", 61_000)).toBe("Waits to start since 0:01:00");
    expect(told("new", 70_000)).toMatch(/^Refused at 0:01:02, because .*HOST_NOT_ENOUGH_FREE_MEMORY/);
    expect(recording.lastOf("new", 70_000)?.kind).toBe("refused");
    expect(await engine.pfnLimit("new", recording.sliceAt(70_000))).toBe(null);
  });
});
