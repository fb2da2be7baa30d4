/** The lock of a folder of results: whatever processes do between each other's steps, and wherever they die. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Failure } from "../../apps/cli/failure.js";
import { lockFolder, locking } from "../../apps/cli/folder-lock.js";
import { runs } from "../support/seed.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Processes by what they write; the dead do nothing more. */
class Processes {
  readonly #dead = new Set<string>();
  #started = 0;

  start(): Process {
    const text = `process ${this.#started++}\n`;
    return new Process(text, locking(folder, { text, hasEnded: (other) => this.#dead.has(other) }));
  }

  kill({ text }: Process): void {
    this.#dead.add(text);
  }
}

class Process {
  readonly text: string;
  readonly #steps: Generator<undefined, () => void>;
  /** Gives the folder free, of one that has it. */
  release: (() => void) | null = null;
  /** It was refused the folder, or has given it free. */
  ended = false;

  constructor(text: string, steps: Generator<undefined, () => void>) {
    this.text = text;
    this.#steps = steps;
  }

  /** One step on the disk; of a holder, the last. */
  step(): void {
    if (this.release !== null) {
      this.release();
      this.release = null;
      this.ended = true;
      return;
    }
    try {
      const { done, value } = this.#steps.next();
      if (done) this.release = value;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.ended = true;
    }
  }

  /** All steps that there are, until it has the folder or is refused. */
  finish(): boolean {
    for (let steps = 0; this.release === null && !this.ended; steps++) {
      if (steps > 1000) throw new Error("it takes no end");
      this.step();
    }
    return this.release !== null;
  }
}

/** A process that has the folder and is killed. */
function leaveStale(processes: Processes): void {
  const process = processes.start();
  expect(process.finish()).toBe(true);
  processes.kill(process);
}

test("two that both find a dead holder: the one that comes between any two steps of the other has the folder, or not", () => {
  for (let steps = 0, whole = false; !whole; steps++) {
    const processes = new Processes();
    leaveStale(processes);
    const [first, second] = [processes.start(), processes.start()];
    for (let step = 0; step < steps && first.release === null; step++) first.step();
    whole = first.release !== null;
    const holders = [second.finish(), first.finish()];
    expect(holders.filter(Boolean), `${steps} steps of the first`).toHaveLength(1);
    (first.release ?? second.release)?.();
    expect(readdirSync(folder)).toEqual([]);
  }
});

test("no two have it, in whatever order they step and wherever they die; a later one always gets it", () => {
  const turns = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 9 })), { maxLength: 120, size: "max" });
  let inherited = 0;
  fc.assert(
    fc.property(turns, (turns) => {
      const processes = new Processes();
      leaveStale(processes);
      const running = [0, 1, 2, 3].map(() => processes.start());
      for (const [which, fate] of turns) {
        const process = running[which];
        if (fate === 0) processes.kill(process);
        else process.step();
        expect(running.filter(({ release }) => release !== null).length).toBeLessThan(2);
        if (fate === 0 || process.ended) running[which] = processes.start();
        if (fate === 0 && readdirSync(folder).length > 1) inherited++;
      }
      for (const process of running) processes.kill(process);
      const last = processes.start();
      expect(last.finish()).toBe(true);
      last.step();
      expect(processes.start().finish()).toBe(true);
      for (const file of readdirSync(folder)) rmSync(join(folder, file));
    }),
    runs(500),
  );
  // heirs died, too
  expect(inherited).toBeGreaterThan(50);
});

test("one process has it once, and again when it was given free", () => {
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(
    /: a study is running there \(process \d+ on [^\n]+\); if it is not, remove /,
  );
  release();
  lockFolder(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test("what is no holder's text, or not whole yet, is a holder that runs", () => {
  for (const text of ["", "1", "1 on another machine\n"]) {
    writeFileSync(join(folder, "running.lock"), text);
    expect(() => lockFolder(folder)).toThrow(Failure);
  }
});
