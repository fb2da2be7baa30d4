/** Runs a case once and counts what it does. */

import type { MachineFactory } from "xen-balloon/core";
import { targetsOf } from "../demand/policy.js";
import type { EngineName } from "../engine-names.js";
import { machineFactory } from "../engines.js";
import { setConditions } from "./conditions.js";
import { Counts } from "./counts.js";
import type { ExactJob } from "./exact-job.js";
import { Movement } from "./movement.js";
import { runNative } from "./native.js";
import { passesOf } from "./passes.js";
import { replay } from "./replay.js";
import type { ExactMeasures } from "./results.js";
import { configOf } from "./settings.js";
import { Stand } from "./stand.js";
import { DEFAULT_ENGINE, NATIVE } from "./study.js";

/** The engines that this thread has compiled. */
const factories = new Map<EngineName, Promise<MachineFactory>>();

/**
 * Boots and prepares a guest, runs one pass of the workload or the replay, and counts.
 *
 * @throws Error that says why the case cannot be run: a guest that cannot be booted, a BUG_ON
 */
export async function runExact(job: ExactJob): Promise<ExactMeasures> {
  const { settings, demand } = job;
  // the command tells its calls alone; runNative compares them
  if (settings.engine === NATIVE) await runNative(job, 1);
  const engine = settings.engine === NATIVE ? DEFAULT_ENGINE : (settings.engine ?? DEFAULT_ENGINE);
  const factory = factories.get(engine) ?? machineFactory(engine);
  factories.set(engine, factory);
  const makeMachine = await factory;
  const config = configOf(job);
  const counts = new Counts();
  const stand = new Stand(config, makeMachine, [counts], settings.settleLimitMs);
  setConditions(stand, settings);
  if (demand !== null) {
    counts.begin(stand);
    const targets = targetsOf(demand.points, settings, config.guest.maxPfn);
    return counts.take(
      replay(stand, demand.points, targets, (_, act) => act()),
      null,
    );
  }
  const movement = new Movement(stand);
  const passes = passesOf(job, config, stand, movement, counts);
  passes.prepare();
  counts.begin(stand);
  passes.run();
  return counts.take(null, movement.moved);
}
