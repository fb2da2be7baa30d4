/** Runs the passes of a case on its booted guest: those of a workload by name, or of a script. */
import type { GuestConfig, Interpreter, Step, WorldConfig } from "xen-balloon/core";
import { ENOMEM } from "./conditions.js";
import type { Counts } from "./counts.js";
import type { ExactJob } from "./exact-job.js";
import type { Movement } from "./movement.js";
import type { ScriptWorkload } from "./script.js";
import { movesOf, scriptOf } from "./settings.js";
import type { Stand } from "./stand.js";
import type { Moves } from "./workloads.js";

/** The passes of a case. */
export interface Passes {
  /** Runs once, after boot. */
  readonly prepare: () => void;
  /** Runs one pass, whose moves the movement then has. */
  readonly run: () => void;
}

/** The pages that a pass is planned to move one way, and the least target. Of a script only its targets are known. */
export type Planned = Pick<Moves, "pages" | "lowestPages">;

/**
 * @param counts - leave out the parts of a script that are no phase; null where nothing is counted.
 */
export function passesOf(
  job: ExactJob,
  config: WorldConfig,
  stand: Stand,
  movement: Movement,
  counts: Counts | null,
): Passes {
  const script = scriptOf(job);
  if (script !== null) return passesOfScript(script, stand, movement, counts);
  const moves = movesOf(job, config);
  return {
    prepare: () => moves.prepare?.(movement),
    run() {
      movement.begin();
      moves.out(movement);
      moves.turn?.(movement);
      moves.in(movement);
      movement.ended("in");
    },
  };
}

/** Computes the pages that a pass of a case is planned to move, and its least target. */
export function planOf(job: ExactJob, config: WorldConfig): Planned {
  const script = scriptOf(job);
  return script === null ? movesOf(job, config) : planOfScript(script, config.guest);
}

function passesOfScript(script: ScriptWorkload, stand: Stand, movement: Movement, counts: Counts | null): Passes {
  const interpreter = stand.interpreter();
  return {
    prepare() {
      for (const step of script.prepare) perform(interpreter, step);
    },
    run() {
      movement.begin();
      for (const { way, steps } of script.parts) {
        if (way === null) counts?.leave();
        for (const step of steps) {
          if (way === null) perform(interpreter, step);
          else measure(way, step);
        }
        if (way === null) counts?.enter();
        else movement.ended(way);
      }
    },
  };

  /** @throws Error: pages moved the other way, so that neither time nor pages would be those of the phase */
  function measure(way: "out" | "in", step: Step): void {
    const before = stand.guest.state().totPages;
    movement.watch(way, () => perform(interpreter, step));
    const pages = stand.guest.state().totPages - before;
    if (way === "out" ? pages > 0 : pages < 0) {
      const other = way === "out" ? "in" : "out";
      throw new Error(`line ${step.line}, ${step.text}: ${Math.abs(pages)} pages went ${other} in a phase ${way}`);
    }
  }
}

/**
 * Performs an operation. A loan may be refused for want of pages (alloc_xenballooned_pages, xen_alloc_ballooned_pages):
 * what the driver does before it refuses is measured, too.
 *
 * @throws Error: the operation failed; what follows would measure something else than the script says
 */
export function perform(interpreter: Interpreter, step: Step): void {
  const { ret, bug } = interpreter.perform(step);
  if (bug !== null) throw bug;
  const isRefusedLoan = step.operation.op === "balloon_alloc" && ret === ENOMEM;
  if (ret < 0 && !isRefusedLoan) throw new Error(`line ${step.line}, ${step.text}: it returned ${ret}`);
}

function planOfScript({ prepare, parts }: ScriptWorkload, { maxPfn }: GuestConfig): Planned {
  let [current, pages, lowestPages] = [maxPfn, 0, maxPfn];
  for (const { way, steps } of [{ way: null, steps: prepare }, ...parts]) {
    for (const { operation } of steps) {
      if (operation.op !== "target") continue;
      if (way !== null) pages += Math.abs(operation.pages - current);
      current = operation.pages;
      lowestPages = Math.min(lowestPages, current);
    }
  }
  return { pages: pages / 2, lowestPages };
}
