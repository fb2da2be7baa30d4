/** Times a case; the process must do nothing else. */
import { targetsOf } from "../demand/policy.js";
import { machineFactory } from "../engines.js";
import type { ExactJob } from "./exact-job.js";
import { measurePaceNs } from "./pace.js";
import { rehearse } from "./rehearsal.js";
import { replay } from "./replay.js";
import type { PassTime, TimedLine } from "./results.js";
import { configOf, workloadOf } from "./settings.js";
import { Stand } from "./stand.js";
import { median } from "./statistics.js";
import { DEFAULT_ENGINE } from "./study.js";
import type { Moves } from "./workloads.js";

/** The times of one process. */
export type Timing = Pick<TimedLine, "pages" | "first" | "warm" | "paceNs">;

/** The warm-up ends when SETTLED_PASSES in a row each differ less from the one before: the compiler has settled. */
const SETTLED = 0.02;
const SETTLED_PASSES = 5;
const LONGEST_WARM_UP_MS = 500;
/** The warm passes: PASSES that last LEAST_MS together, or LEAST_PASSES that last LONGEST_MS. */
const PASSES = 10;
const LEAST_PASSES = 3;
const LEAST_MS = 300;
const LONGEST_MS = 2000;

/**
 * Boots and prepares a guest, and times the first pass and the warm ones, or the replay.
 *
 * @throws Error that says why the case cannot be run, or that a pass did other work than the workload's
 */
export async function runTimed(job: ExactJob): Promise<Timing> {
  const { settings, seed, demand } = job;
  const makeMachine = await machineFactory(settings.engine ?? DEFAULT_ENGINE);
  const config = configOf(job);
  rehearse(makeMachine, config.guest);
  const stand = new Stand(config, makeMachine);
  if (demand !== null) {
    const time = { out: 0, in: 0 };
    let pages = 0;
    const targets = targetsOf(demand.points, settings, config.guest.maxPfn);
    replay(stand, demand.points, targets, (direction, act) => {
      const from = stand.guest.state().totPages;
      const begun = performance.now();
      act();
      time[direction] += performance.now() - begun;
      pages += Math.abs(stand.guest.state().totPages - from);
    });
    const first = { outNs: time.out * 1e6, inNs: time.in * 1e6 };
    return { pages, first, warm: null, paceNs: measurePaceNs() };
  }
  const moves = workloadOf(settings).make(config.guest, seed);
  moves.prepare?.(stand);
  const first = timePass(stand, moves);
  const warm = timeWarm(stand, moves);
  return { pages: 2 * moves.pages, first, warm, paceNs: measurePaceNs() };
}

function timeWarm(stand: Stand, moves: Moves): PassTime {
  warmUp(stand, moves);
  const passes: PassTime[] = [];
  const begun = performance.now();
  for (;;) {
    passes.push(timePass(stand, moves));
    const ms = performance.now() - begun;
    if (passes.length >= PASSES && ms >= LEAST_MS) break;
    if (passes.length >= LEAST_PASSES && ms >= LONGEST_MS) break;
  }
  return { outNs: median(passes.map(({ outNs }) => outNs)), inNs: median(passes.map(({ inNs }) => inNs)) };
}

function warmUp(stand: Stand, moves: Moves): void {
  let last = 0;
  let alike = 0;
  for (const until = performance.now() + LONGEST_WARM_UP_MS; performance.now() < until && alike < SETTLED_PASSES; ) {
    const { outNs, inNs } = timePass(stand, moves);
    alike = Math.abs(outNs + inNs - last) < SETTLED * last ? alike + 1 : 0;
    last = outNs + inNs;
  }
}

/** Times a pass, and counts its calls and pages: the time of any other work would be meaningless. */
function timePass(stand: Stand, moves: Moves): PassTime {
  const { guest } = stand;
  const before = guest.hypercalls.memoryOps;
  const begun = performance.now();
  moves.out(stand);
  const out = performance.now();
  moves.turn?.(stand);
  const turned = performance.now();
  moves.in(stand);
  const ended = performance.now();
  const calls = guest.hypercalls.memoryOps - before;
  if (moves.calls !== null && calls !== moves.calls) {
    throw new Error(`a pass: expected ${moves.calls} calls of memory_op, got ${calls}`);
  }
  const { maxPfn } = stand.config.guest;
  const { totPages } = guest.state();
  if (totPages !== maxPfn) throw new Error(`a pass: expected ${maxPfn} pages at its end, got ${totPages}`);
  return { outNs: (out - begun) * 1e6, inNs: (ended - turned) * 1e6 };
}
