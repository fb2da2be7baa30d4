/**
 * Runs scripts: traced, timed, or told for a person to read. Lines come as their operations are done, without their
 * newlines; what is returned at the end is the BUG_ON in which the guest ended, or null.
 */
import type { BalloonBug } from "../host/errors.js";
import { Account } from "./account.js";
import type { Script, Step } from "./script.js";
import { Tracer } from "./trace.js";
import { type MachineFactory, type Outcome, World } from "./world.js";

/** Lines of text, then how the guest ended. */
export type Lines = Generator<string, BalloonBug | null>;

/** A trace line for each operation. */
export function* traceScript(script: Script, makeMachine: MachineFactory): Lines {
  const tracer = new Tracer();
  const world = new World(script.config, makeMachine, tracer.observer);
  return yield* play(script, world, (step, outcome) => [tracer.line(step, outcome, world)]);
}

/** For each operation its duration and its memory_op calls, nothing recorded: `{"op","ns","calls"}`. */
export function* timeScript(script: Script, makeMachine: MachineFactory): Lines {
  const world = new World(script.config, makeMachine, null);
  let before = 0;
  return yield* play(script, world, (step, _outcome, ns) => {
    const memoryOps = world.booted?.guest.hypercalls.memoryOps ?? 0;
    const calls = memoryOps - before;
    before = memoryOps;
    return [JSON.stringify({ op: step.text, ns, calls })];
  });
}

/** For each operation what was asked and what came of it, then the stats at the end. */
export function* tellScript(script: Script, makeMachine: MachineFactory): Lines {
  const account = new Account(script);
  const world = new World(script.config, makeMachine, account.observer);
  // after the first operation: one that cannot be done leaves nothing half told
  let heading = account.opening();
  const bug = yield* play(script, world, (step, outcome) => {
    const lines = [...heading, ...account.lines(step, outcome, world)];
    heading = [];
    return lines;
  });
  yield* account.closing(bug);
  return bug;
}

function* play(
  script: Script,
  world: World,
  linesOf: (step: Step, outcome: Outcome, ns: number) => Iterable<string>,
): Lines {
  for (const step of script.steps) {
    const begun = performance.now();
    const outcome = world.perform(step);
    const ns = Math.round((performance.now() - begun) * 1e6);
    yield* linesOf(step, outcome, ns);
    if (outcome.bug !== null) return outcome.bug;
  }
  return null;
}
