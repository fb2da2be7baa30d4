/**
 * Runs scripts with a trace, with times, or with an account for people. Each line comes when its operation is done,
 * without a newline. The generator returns the BUG_ON that ended the guest, or null.
 */
import type { MachineFactory } from "../host/backend.js";
import type { BalloonBug } from "../host/errors.js";
import type { GuestObserver } from "../world/observer.js";
import { Account } from "./account.js";
import { Interpreter, type Outcome } from "./interpreter.js";
import type { Script, Step } from "./script.js";
import { Tracer } from "./trace.js";

/** Lines of text, then the BUG_ON that ended the guest, or null. */
export type Lines = Generator<string, BalloonBug | null>;

/** Yields a trace line for each operation. */
export function* traceScript(script: Script, makeMachine: MachineFactory): Lines {
  const tracer = new Tracer();
  const interpreter = new Interpreter(script.config, makeMachine, [tracer.observer]);
  return yield* play(script, interpreter, (step, outcome) => [tracer.line(step, outcome, interpreter)]);
}

/**
 * Yields a trace line for each operation while nobody watches the hypercalls: `calls` and `va` have their numbers alone.
 */
export function* traceStates(script: Script, makeMachine: MachineFactory): Lines {
  const tracer = new Tracer("counted");
  const interpreter = new Interpreter(script.config, makeMachine);
  return yield* play(script, interpreter, (step, outcome) => [tracer.line(step, outcome, interpreter)]);
}

/**
 * Yields each operation's duration in ns and its number of memory_op calls: `{"op","ns","calls"}`. It records nothing.
 *
 * @param observers - the observers, whose work is timed too.
 */
export function* timeScript(
  script: Script,
  makeMachine: MachineFactory,
  observers: readonly GuestObserver[] = [],
): Lines {
  const interpreter = new Interpreter(script.config, makeMachine, observers);
  let before = 0;
  return yield* play(script, interpreter, (step, _outcome, ns) => {
    const memoryOps = interpreter.booted?.guest.hypercalls.memoryOps ?? 0;
    const calls = memoryOps - before;
    before = memoryOps;
    return [JSON.stringify({ op: step.text, ns, calls })];
  });
}

/** Yields each operation with its outcome, then the stats at the end. */
export function* tellScript(script: Script, makeMachine: MachineFactory): Lines {
  const account = new Account(script);
  const interpreter = new Interpreter(script.config, makeMachine, [account.observer]);
  // the heading comes after the first operation, so that an operation that fails leaves no partial output
  let heading = account.opening();
  const bug = yield* play(script, interpreter, (step, outcome) => {
    const lines = [...heading, ...account.lines(step, outcome, interpreter)];
    heading = [];
    return lines;
  });
  yield* account.closing(bug);
  return bug;
}

function* play(
  script: Script,
  interpreter: Interpreter,
  linesOf: (step: Step, outcome: Outcome, ns: number) => Iterable<string>,
): Lines {
  for (const step of script.steps) {
    const begun = performance.now();
    const outcome = interpreter.perform(step);
    const ns = Math.round((performance.now() - begun) * 1e6);
    yield* linesOf(step, outcome, ns);
    if (outcome.bug !== null) return outcome.bug;
  }
  return null;
}
