/** Times a case; the process must do nothing else. */
import { targetsOf } from "../demand/policy.js";
import { machineFactory } from "../engines.js";
import { setConditions } from "./conditions.js";
import type { ExactJob } from "./exact-job.js";
import { Movement } from "./movement.js";
import { runNative } from "./native.js";
import { measurePaceNs } from "./pace.js";
import { passesOf } from "./passes.js";
import { rehearse } from "./rehearsal.js";
import { replay } from "./replay.js";
import type { PassTime, TimedLine } from "./results.js";
import { configOf } from "./settings.js";
import { Stand } from "./stand.js";
import { median } from "./statistics.js";
import { DEFAULT_ENGINE, NATIVE } from "./study.js";

/** The times of one process. */
export type Timing = Pick<TimedLine, "first" | "warm" | "paceNs">;

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
 * @throws Error that says why the case cannot be run
 */
export async function runTimed(job: ExactJob): Promise<Timing> {
  const { settings, demand } = job;
  const { engine = DEFAULT_ENGINE } = settings;
  if (engine === NATIVE) return timeNative(job);
  const makeMachine = await machineFactory(engine);
  const config = configOf(job);
  rehearse(makeMachine, config.guest);
  const stand = new Stand(config, makeMachine, [], settings.settleLimitMs);
  setConditions(stand, settings);
  const movement = new Movement(stand);
  if (demand !== null) {
    const targets = targetsOf(demand.points, settings, config.guest.maxPfn);
    replay(stand, demand.points, targets, (way, act) => movement.watch(way, act));
    return { first: timesOf(movement), warm: null, paceNs: measurePaceNs() };
  }
  const passes = passesOf(job, config, stand, movement, null);
  passes.prepare();
  const timePass = (): PassTime => {
    passes.run();
    return timesOf(movement);
  };
  const first = timePass();
  const warm = timeWarm(timePass, first);
  return { first, warm, paceNs: measurePaceNs() };
}

/** Times the passes of a command, which has no compiler to wait for. */
async function timeNative(job: ExactJob): Promise<Timing> {
  const [first, ...later] = (await runNative(job, 1 + PASSES)).map((moved) => timesOf({ moved }));
  const isLikeFirst = later.every((pass) => pass.outPages === first.outPages && pass.inPages === first.inPages);
  return { first, warm: isLikeFirst ? medianOf(first, later) : null, paceNs: measurePaceNs() };
}

/** @returns null where a pass does not move the pages of the first: it would be the time of other work. */
function timeWarm(timePass: () => PassTime, first: PassTime): PassTime | null {
  const isLikeFirst = ({ outPages, inPages }: PassTime): boolean =>
    outPages === first.outPages && inPages === first.inPages;
  if (!warmUp(timePass, isLikeFirst)) return null;
  const passes: PassTime[] = [];
  const begun = performance.now();
  for (;;) {
    const pass = timePass();
    if (!isLikeFirst(pass)) return null;
    passes.push(pass);
    const ms = performance.now() - begun;
    if (passes.length >= PASSES && ms >= LEAST_MS) break;
    if (passes.length >= LEAST_PASSES && ms >= LONGEST_MS) break;
  }
  return medianOf(first, passes);
}

function medianOf(first: PassTime, passes: readonly PassTime[]): PassTime {
  return {
    ...first,
    outNs: median(passes.map(({ outNs }) => outNs)),
    inNs: median(passes.map(({ inNs }) => inNs)),
  };
}

/** @returns false where a pass is not like the first. */
function warmUp(timePass: () => PassTime, isLikeFirst: (pass: PassTime) => boolean): boolean {
  let last = 0;
  let alike = 0;
  for (const until = performance.now() + LONGEST_WARM_UP_MS; performance.now() < until && alike < SETTLED_PASSES; ) {
    const pass = timePass();
    if (!isLikeFirst(pass)) return false;
    const ns = pass.outNs + pass.inNs;
    alike = Math.abs(ns - last) < SETTLED * last ? alike + 1 : 0;
    last = ns;
  }
  return true;
}

function timesOf({ moved }: Pick<Movement, "moved">): PassTime {
  return { outNs: moved.out.ns, inNs: moved.in.ns, outPages: moved.out.pages, inPages: moved.in.pages };
}
