/** `run SCRIPT`: runs a script, and prints an account, a trace or the times of its operations. */

import { parseScript, ScriptError, tellScript, timeScript, traceScript } from "xen-balloon/core";
import { type EngineName, machineFactory } from "../engines.js";
import { rehearse } from "../study/rehearsal.js";
import { Failure, readText } from "./failure.js";

/** Options of the command. */
export interface RunOptions {
  readonly engine: EngineName;
  readonly trace?: true;
  readonly time?: true;
}

/** @returns the exit status: 1 when the guest ended in a BUG. */
export async function run(file: string, { engine, trace, time }: RunOptions): Promise<number> {
  const text = readText(file);
  const makeMachine = await machineFactory(engine);
  const play = trace ? traceScript : time ? timeScript : tellScript;
  const timed: string[] = [];
  try {
    const script = parseScript(text);
    if (time) rehearse(makeMachine, script.config.guest.domain);
    const lines = play(script, makeMachine);
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
    if (error instanceof ScriptError) throw new Failure(`${file}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    if (time) process.stdout.write(timed.join(""));
  }
}
