/** Runs the operations on one side from its boot to their end, and keeps the curves, the counts and the account. */
import { BalloonError } from "xen-balloon";
import {
  Account,
  type Booted,
  Interpreter,
  type MachineFactory,
  type Outcome,
  parseScript,
  refusalReason,
  type Script,
  ScriptError,
  type Step,
  type WorldOptions,
} from "xen-balloon/core";
import { Counts } from "../../study/counts.js";
import type { ExactMeasures } from "../../study/results.js";
import { Watch } from "../session/watch.js";
import { append, type Moments, noMoments } from "./moments.js";

/** An operation that was done. */
export interface DoneOperation {
  /** The line of the script, with single spaces. */
  readonly text: string;
  /** Its result as in a script. */
  readonly ret: number;
  /** The change of the pages that the domain holds; 0 where it ended the guest. */
  readonly movedPages: number;
  /** The outcome, in the words of the command's account. */
  readonly came: string;
}

/** The run of a side. */
export interface Behaviour {
  readonly moments: Moments;
  /** The operations after the boot, in their order. */
  readonly operations: readonly DoneOperation[];
  /** Counted as a study counts, from the boot on; null after a BUG_ON: a guest that has ended is not asked. */
  readonly counts: ExactMeasures | null;
  /** The BUG_ON that ended the guest. */
  readonly bug: string | null;
}

/**
 * Reads the script of a side. The lines of its operations are counted among the operations.
 *
 * @param defaults - the options that it has where it does not give them.
 * @throws ScriptError: the configuration is wrong, or a line of the operations
 */
export function readSide(config: string, operations: string, defaults: WorldOptions = {}): Script {
  // first alone: what is wrong with it is of no line of the operations
  parseScript(config);
  const above = config.split("\n").length + 1;
  try {
    const script = parseScript(`${config}\nboot\n${operations}`, defaults);
    const steps = script.steps.map((step) => ({
      ...step,
      line: step.index === 0 ? null : (step.line as number) - above,
    }));
    return { ...script, steps };
  } catch (error) {
    if (!(error instanceof ScriptError) || error.line === null) throw error;
    const problem = error.message.replace(/^line \d+: /, "");
    throw new ScriptError(null, `line ${error.line - above} of the operations: ${problem}`, { cause: error });
  }
}

/**
 * Boots the guest of a script and performs its operations.
 *
 * @yields the number of operations done
 * @returns what it did; a BUG_ON ends it early.
 * @throws ScriptError: an operation that the run refuses. Error: the guest does not boot.
 */
export function* behave(script: Script, makeMachine: MachineFactory): Generator<number, Behaviour> {
  const watch = new Watch();
  const account = new Account(script);
  const counts = new Counts();
  const interpreter = new Interpreter(script.config, makeMachine, [watch, account.observer, counts]);
  watch.attach(interpreter);
  const moments = noMoments();
  const operations: DoneOperation[] = [];
  const [boot, ...steps] = script.steps;
  const perform = (step: Step): DoneOperation & Pick<Outcome, "bug"> => {
    const before = pagesOf(interpreter);
    const outcome = interpreter.perform(step);
    const came = account.tell(step, outcome, interpreter).came.join("; ");
    watch.did(operations.length);
    append(moments, watch.take().samples);
    const movedPages = outcome.bug === null ? pagesOf(interpreter) - before : 0;
    return { text: textOf(step), ret: outcome.ret, movedPages, came, bug: outcome.bug };
  };
  const { world, guest } = bootedIn(interpreter, perform(boot));
  counts.begin({
    guest,
    machine: world.machine,
    get nowMs() {
      return world.clock.now;
    },
  });
  for (const step of steps) {
    const { bug, ...done } = perform(step);
    operations.push(done);
    if (bug !== null) return { moments, operations, counts: null, bug: bug.condition };
    yield operations.length;
  }
  return { moments, operations, counts: counts.take(null, null), bug: null };
}

/** @throws Error: the guest does not boot */
export function bootedIn({ booted }: Interpreter, { ret, bug }: Outcome): Booted {
  if (bug !== null) throw new Error(`the guest does not boot: BUG_ON(${bug.condition})`);
  if (ret < 0) throw new Error(`the guest does not boot: ${new BalloonError(ret, refusalReason("boot", ret)).message}`);
  return booted as Booted;
}

/** The pages that the domain holds; 0 before the boot. */
function pagesOf({ booted }: Interpreter): number {
  return booted === null ? 0 : booted.guest.state().totPages;
}

function textOf({ text }: Step): string {
  return text
    .trim()
    .split(/[ \t]+/)
    .join(" ");
}
