/** `run SCRIPT`: a script told, traced or timed. */

import { parseScript, ScriptError, tellScript, timeScript, traceScript } from "xen-balloon/core";
import { type EngineName, machineFactory } from "../engines.js";
import { rehearse } from "../study/rehearsal.js";
import { Failure, readText } from "./failure.js";

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
      // what a stream does for a line, and the garbage it leaves, is not to fall into the operation after it
      if (time) timed.push(`${line.value}\n`);
      else process.stdout.write(`${line.value}\n`);
    }
    return line.value === null ? 0 : 1;
  } catch (error) {
    if (error instanceof ScriptError) throw new Failure(`${file}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    if (time) process.stdout.write(timed.join(""));
  }
}
