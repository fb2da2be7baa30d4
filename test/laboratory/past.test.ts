/** Going back: any moment is as it was, what is heard is the present alone, and time goes on from there. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCENARIOS } from "../../apps/laboratory/scenarios/scenarios.js";
import { Engine } from "../../apps/laboratory/session/engine.js";
import type { Snapshot } from "../../apps/laboratory/session/messages.js";
import { partAt } from "../../apps/laboratory/timeline/part.js";
import { Past } from "../../apps/laboratory/timeline/past.js";
import { drain } from "../../src/clock/scheduler.js";
import { loadModules } from "../../src/index.js";
import { Interpreter } from "../../src/scenario/interpreter.js";
import { parseScript } from "../../src/scenario/script.js";
import { engines } from "../support/engines.js";
import { peacefulScripts } from "../support/random-scripts.js";
import { runs } from "../support/seed.js";

const [[, makeMachine]] = engines;
const modules = loadModules();
const configOf = (text: string): string =>
  text
    .split("\n")
    .filter((line) => line.startsWith("config"))
    .join("\n");

/** Whatever a reader sees of the guest, but for the real time. */
function seen({ now, figures, census }: Snapshot): object {
  const { wallMs: _, operation: __, ...sample } = now ?? { wallMs: 0, operation: null };
  return { sample, state: figures?.state, census };
}

class Played {
  readonly engine = new Engine(modules);
  readonly lines: string[];
  readonly #pages: number;
  readonly #config: string;

  constructor(text: string) {
    const { steps, config } = parseScript(text);
    this.lines = steps.map((step) => step.text);
    this.#pages = config.guest.pfnLimit;
    this.#config = configOf(text);
  }

  async begin(): Promise<void> {
    await this.engine.configure(this.#config);
  }

  look(): Promise<Snapshot> {
    return this.engine.look({ pfn: 0, pages: this.#pages, cellPages: 64 });
  }
}

async function toTheEnd(played: Played): Promise<{ place: number; seen: object }[]> {
  await played.begin();
  const moments: { place: number; seen: object }[] = [];
  for (const line of played.lines) {
    await played.engine.perform(line);
    const look = await played.look();
    moments.push({ place: look.endMs, seen: seen(look) });
    if (look.bug !== null) break;
  }
  return moments;
}

/** A guest for which the script ended at a time. */
async function stoppedAt(text: string, moments: readonly { place: number }[], nowMs: number): Promise<object> {
  const played = new Played(text);
  await played.begin();
  for (const line of played.lines.slice(0, moments.findLastIndex(({ place }) => place <= nowMs) + 1)) {
    await played.engine.perform(line);
  }
  await played.engine.perform("run");
  return seen(await played.look());
}

test("each time of a script is as if time had stopped there", { timeout: 300_000 }, async () => {
  let wentBack = 0;
  await fc.assert(
    fc.asyncProperty(peacefulScripts, fc.array(fc.nat(), { minLength: 3, maxLength: 6 }), async (text, picks) => {
      const played = new Played(text);
      const moments = await toTheEnd(played);
      const present = await played.look();
      // a script that does not boot has no past
      if (present.now === null) return;
      const script = await played.engine.script();
      for (const pick of picks) {
        const { place } = moments[pick % moments.length];
        if (place === present.endMs) continue;
        await played.engine.goTo({ nowMs: place });
        const look = await played.look();
        expect(look.past).not.toBeNull();
        expect(look.events).toEqual([]);
        expect(look.samples).toEqual([]);
        expect(seen(look)).toEqual(await stoppedAt(text, moments, place));
        expect(look.endMs).toBe(present.endMs);
        expect(await played.engine.script()).toEqual(script);
        wentBack++;
      }
      await played.engine.goTo(null);
      expect(seen(await played.look())).toEqual(seen(present));
    }),
    runs(12),
  );
  expect(wentBack).toBeGreaterThan(10);
});

test("who goes on from a past moment has that guest, and then the present again", { timeout: 300_000 }, async () => {
  let parted = 0;
  await fc.assert(
    fc.asyncProperty(
      peacefulScripts,
      fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), back: fc.nat(4) }), {
        minLength: 2,
        maxLength: 4,
      }),
      async (text, picks) => {
        const played = new Played(text);
        await toTheEnd(played);
        const present = await played.look();
        if (present.now === null) return;
        await expect(played.engine.branch()).rejects.toThrow("the guest is in the present");
        for (const { share, back } of picks) {
          if (back === 0) await played.engine.goTo({ nowMs: Math.floor(share * present.endMs) });
          else for (let step = 0; step < back; step++) await played.engine.goTo({ step: -1 });
          const look = await played.look();
          if (look.past === null) continue;
          const { done, operations, rest } = await played.engine.branch();
          const other = new Played(done + rest.map((line) => `${line}\n`).join(""));
          await other.begin();
          for (const line of other.lines.slice(0, operations)) await other.engine.perform(line);
          expect(seen(await other.look())).toEqual(seen(look));
          for (const line of other.lines.slice(operations)) await other.engine.perform(line);
          expect(seen(await other.look())).toEqual(seen(present));
          expect(other.lines.slice(operations)).toEqual(rest);
          if (rest.length > 0) parted++;
        }
      },
    ),
    runs(15),
  );
  expect(parted).toBeGreaterThan(10);
});

test.each([
  [{ operations: 2, passedMs: 0, ran: false }, ["boot", "target 5"], ["advance 9", "advance 3", "run", "settle 50"]],
  [
    { operations: 2, passedMs: 0, ran: true },
    ["boot", "target 5", "advance 0"],
    ["advance 9", "advance 3", "run", "settle 50"],
  ],
  [
    { operations: 2, passedMs: 4, ran: true },
    ["boot", "target 5", "advance 4"],
    ["advance 5", "advance 3", "run", "settle 50"],
  ],
  [{ operations: 2, passedMs: 9, ran: true }, ["boot", "target 5", "advance 9"], ["advance 3", "run", "settle 50"]],
  [{ operations: 2, passedMs: 10, ran: false }, ["boot", "target 5", "advance 10"], ["advance 2", "run", "settle 50"]],
  [{ operations: 3, passedMs: 0, ran: false }, ["boot", "target 5", "advance 9", "advance 3", "run"], ["settle 50"]],
  [
    { operations: 3, passedMs: 20, ran: true },
    ["boot", "target 5", "advance 9", "advance 3", "run", "advance 20"],
    ["settle 50"],
  ],
])("a script is parted at %o", (moment, before, after) => {
  const lines = ["boot", "target 5", "advance 9", "advance 3", "run", "settle 50"];
  expect(partAt(lines, moment)).toEqual({ before, after });
});

test("the nearest of many snapshots is as good as the first", async () => {
  const { script } = SCENARIOS.find(({ id }) => id === "fragmentation") ?? expect.unreachable("the scenario is there");
  const { steps, config } = parseScript(script);
  const interpreter = new Interpreter(config, makeMachine);
  const past = new Past(interpreter, () => 0);
  const forever = (): number => Number.POSITIVE_INFINITY;
  const state = (): object => {
    const p2m = new Uint32Array(config.guest.pfnLimit);
    const { guest } = interpreter.booted ?? expect.unreachable("it has booted");
    guest.backend.readP2m(0, p2m);
    return { nowMs: interpreter.nowMs, state: guest.state(), stats: guest.stats(), p2m };
  };
  const ends: { nowMs: number; state: object }[] = [];
  for (const step of steps) {
    const beganMs = interpreter.nowMs;
    interpreter.perform(step);
    if (step.operation.op === "advance") {
      past.mark();
      ends.push({ nowMs: interpreter.nowMs, state: state() });
    } else {
      past.did(step, beganMs);
    }
  }
  // just before the next operation, it is as at the end of the advance
  for (const at of [6, 2, 0, 5, 3, 1, 4]) {
    const nowMs = ends[at].nowMs - 1;
    drain(past.goTo({ nowMs }, forever));
    expect(state()).toEqual({ ...ends[at].state, nowMs });
  }
  past.leave();
  expect(state()).toEqual(ends.at(-1)?.state);
});

describe("a full host", () => {
  const { script } = SCENARIOS.find(({ id }) => id === "full-host") ?? expect.unreachable("the scenario is there");

  test("a time within an advance is as if time had stopped there", async () => {
    const played = new Played(script);
    await toTheEnd(played);
    await played.engine.goTo({ nowMs: 23_000 });
    const { now } = await played.look();
    expect(now).toMatchObject({ nowMs: 23_000, workDueMs: 38_000, stats: { retry_count: 5, schedule_delay: 16 } });
    await played.engine.goTo({ nowMs: 22_999 });
    expect((await played.look()).now).toMatchObject({ nowMs: 22_999, stats: { retry_count: 5, schedule_delay: 16 } });
    await played.engine.goTo({ nowMs: 21_999 });
    expect((await played.look()).now).toMatchObject({ nowMs: 21_999, stats: { retry_count: 4, schedule_delay: 8 } });
  });

  test("step by step, from operation to operation, and no further than the boot and the present", async () => {
    const played = new Played(script);
    await toTheEnd(played);
    const lines: (string | null)[] = [];
    for (let i = 0; i < 7; i++) {
      await played.engine.goTo({ step: -1 });
      lines.push((await played.look()).past?.line ?? null);
    }
    const [boot, first, take, target, give] = [
      "boot",
      "target 262144",
      "host_take 262144",
      "target 524288",
      "host_give 262144",
    ];
    expect(lines).toEqual([give, target, take, first, boot, boot, boot]);
    await played.engine.goTo({ step: 1 });
    expect(await played.look()).toMatchObject({ past: { line: first }, now: { nowMs: 2000 } });
    for (let i = 0; i < 9; i++) await played.engine.goTo({ step: 1 });
    expect(await played.look()).toMatchObject({ past: { line: give }, now: { nowMs: 160_000 } });
  });

  test("an operation, and time, go on from the present", async () => {
    const played = new Played(script);
    await toTheEnd(played);
    await played.engine.goTo({ nowMs: 3000 });
    await played.engine.perform("target 300000");
    await played.engine.perform("run");
    const look = await played.look();
    expect(look).toMatchObject({ past: null, now: { nowMs: 160_000, stats: { current_pages: 300_000 } } });
    expect(look.events.map((event) => event.nowMs)).toEqual(look.events.map(() => 160_000));
  });
});

test("a guest that has ended is seen as it lived, and has ended again in the present", async () => {
  const { script } = SCENARIOS.find(({ id }) => id === "bug-on") ?? expect.unreachable("the scenario is there");
  const played = new Played(script);
  await toTheEnd(played);
  const present = await played.look();
  expect(present).toMatchObject({ now: null, bug: "ret != nr_pages" });
  await played.engine.goTo({ nowMs: 4000 });
  const before = await played.look();
  expect(before.now).toMatchObject({ nowMs: 4000, stats: { current_pages: 200_000 } });
  expect(before.census).not.toBeNull();
  await played.engine.goTo({ nowMs: 4500 });
  await played.engine.goTo(null);
  const again = await played.look();
  expect(again).toMatchObject({ now: null, bug: "ret != nr_pages", past: null, events: [] });
  expect(again.figures).toEqual(present.figures);
});
