/** `run SCRIPT`: runs a script, and prints an account, a trace or the times of its operations. */

import {
  parseScript,
  ScriptError,
  scriptHelp,
  tellScript,
  timeScript,
  traceScript,
  traceStates,
} from "xen-balloon/core";
import type { EngineName } from "../engine-names.js";
import { machineFactory } from "../engines.js";
import { Failure, nameOf, readText } from "./failure.js";

/** Options of the command. */
export interface RunOptions {
  readonly engine: EngineName;
  readonly trace?: true;
  readonly traceState?: true;
  readonly time?: true;
  /** How batches that nobody watches are made where the script does not say. Default: each where they are timed. */
  readonly batches?: "each" | "merged";
}

/** @returns the exit status: 1 when the guest ended in a BUG. */
export async function run(file: string, { engine, trace, traceState, time, batches }: RunOptions): Promise<number> {
  const text = readText(file);
  const makeMachine = await machineFactory(engine);
  const timed: string[] = [];
  try {
    const script = parseScript(text, { batches: batches ?? (time ? "each" : "merged") });
    if (time) {
      const { rehearse } = await import("../study/rehearsal.js");
      rehearse(makeMachine, script.config.guest);
    }
    const lines = trace
      ? traceScript(script, makeMachine)
      : traceState
        ? traceStates(script, makeMachine)
        : time
          ? timeScript(script, makeMachine)
          : tellScript(script, makeMachine);
    let line = lines.next();
    for (; !line.done; line = lines.next()) {
      // writing would do work and leave garbage during the next operation, so timed lines are kept until the end
      if (time) timed.push(`${line.value}\n`);
      else process.stdout.write(`${line.value}\n`);
    }
    // a trace tells it for each operation
    if (!trace && script.steps.every(({ operation }) => operation.op !== "boot")) {
      throw new Failure(`${file}: expected a line that boots the guest (boot), got none: nothing could be done`);
    }
    return line.value === null ? 0 : 1;
  } catch (error) {
    if (error instanceof ScriptError) throw new Failure(`${nameOf(file)}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    if (time) process.stdout.write(timed.join(""));
  }
}

/**
 * Tells every config key and operation of a script.
 *
 * @returns the exit status.
 */
export function tellLanguage(): number {
  process.stdout.write(`${scriptHelp().join("\n")}\n`);
  return 0;
}
