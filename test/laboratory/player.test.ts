/** The laboratory's clock: what it asks for as the page's time passes. */
import { expect, test } from "vitest";
import { Player, type Stage } from "../../apps/laboratory/player.js";

/** Notes the operations, and lets time pass as they say. */
class Notes implements Stage {
  readonly lines: string[] = [];
  nowMs = 0;
  workDueMs: number | null = null;

  async perform(line: string): Promise<void> {
    this.lines.push(line);
    const [op, ms] = line.split(" ");
    if (op === "advance") this.nowMs += Number(ms);
    if (op === "target") this.workDueMs ??= this.nowMs;
    if (op !== "target" && this.workDueMs !== null && this.workDueMs <= this.nowMs) this.workDueMs = null;
  }
}

function playing(speed: number): { notes: Notes; player: Player } {
  const notes = new Notes();
  const player = new Player(notes);
  player.speed = speed;
  return { notes, player };
}

test("time passes as fast as it is told to, and no fraction of it is lost", async () => {
  const { notes, player } = playing(10);
  for (let frame = 0; frame <= 30; frame++) await player.tick(1000 + frame * 16.7);
  expect(notes.nowMs).toBe(Math.floor(30 * 167));
  expect(notes.lines.every((line) => line.startsWith("advance "))).toBe(true);
});

test("time stands still at speed 0, but what is due runs at the next step", async () => {
  const { notes, player } = playing(0);
  await player.tick(0);
  await player.tick(100);
  expect(player.hasNext).toBe(false);
  await player.step();
  expect(notes.lines).toEqual([]);
  await notes.perform("target 5");
  expect(player.hasNext).toBe(true);
  await player.step();
  expect(notes.lines).toEqual(["target 5", "run"]);
});

test("a step goes to the next retry", async () => {
  const { notes, player } = playing(0);
  notes.workDueMs = 4000;
  await player.step();
  expect(notes.lines).toEqual(["advance 4000"]);
  expect(notes.nowMs).toBe(4000);
});

test("a page that slept does not make up for it", async () => {
  const { notes, player } = playing(1);
  await player.tick(0);
  await player.tick(60_000);
  expect(notes.nowMs).toBe(250);
});

test("a demand series is played at its times, from when it was given", async () => {
  const { notes, player } = playing(100);
  await notes.perform("advance 70");
  player.play([
    { timeMs: 0, usedPages: 100, provisionedPages: null },
    { timeMs: 1000, usedPages: 50, provisionedPages: null },
    { timeMs: 1500, usedPages: 60, provisionedPages: null },
    { timeMs: 9000, usedPages: 80, provisionedPages: null },
  ]);
  await player.tick(0);
  await player.tick(20);
  expect(notes.lines.slice(1)).toEqual([
    "target 100",
    "run",
    "advance 1000",
    "target 50",
    "advance 500",
    "target 60",
    "advance 500",
  ]);
  expect(player.progress).toEqual({ played: 3, rows: 4 });
  expect(player.hasNext).toBe(true);
  await player.step();
  expect(notes.lines.slice(-3)).toEqual(["advance 7000", "target 80", "run"]);
  expect(notes.nowMs).toBe(9070);
  expect(player.progress).toEqual({ played: 4, rows: 4 });
});

test("a tick does nothing while what was begun is under way", async () => {
  const { notes, player } = playing(1);
  let end = (): void => {};
  notes.perform = (line) => {
    notes.lines.push(line);
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  };
  await player.tick(0);
  const first = player.tick(10);
  await player.tick(20);
  expect(notes.lines).toEqual(["advance 10"]);
  end();
  await first;
});
