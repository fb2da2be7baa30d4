/**
 * Times a case with another implementation of the driver: a command that takes `--time SCRIPT` and prints a line of
 * {"op","ns","calls"} for each operation. Its calls must be those of this package's engine, on which the script runs
 * beside it: from there come the pages that each operation moves.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, type Step, type WorldConfig, writeConfig } from "xen-balloon/core";
import { machineFactory } from "../engines.js";
import type { ExactJob } from "./exact-job.js";
import { type Moved, noMoves } from "./movement.js";
import { perform } from "./passes.js";
import { parseWorkload, type ScriptWorkload } from "./script.js";
import { configOf, movesOf, scriptOf } from "./settings.js";
import { SettingsError } from "./settings-error.js";
import { Stand } from "./stand.js";
import { DEFAULT_ENGINE, DEFAULT_SETTLE_LIMIT_MS, DEFAULT_WORKLOAD } from "./study.js";
import type { Moves, Subject } from "./workloads.js";

/** The output of a script of some thousand operations is far below it. */
const MOST_BYTES = 2 ** 28;

/**
 * Runs so many passes with the command of a case.
 *
 * @returns the moves of each pass, with the command's times.
 * @throws Error: the command fails, or decides otherwise than the engine; as nativeScriptOf
 */
export async function runNative(job: ExactJob, passes: number): Promise<readonly Moved[]> {
  const config = configOf(job);
  const script = nativeScriptOf(job, config);
  const steps = [
    ...script.prepare,
    ...Array(passes)
      .fill(script.parts.flatMap((part) => part.steps))
      .flat(),
  ] as Step[];
  const lines = await linesOf(job.command ?? [], [
    // the command has one way to make batches
    ...writeConfig({ ...config.guest, ...config, batches: undefined }),
    "boot",
    ...steps.map(({ text }) => text),
  ]);
  if (lines.length !== steps.length + 1) {
    throw new Error(`native: expected a line for each of ${steps.length + 1} operations, got ${lines.length}`);
  }
  const stand = new Stand(config, await machineFactory(DEFAULT_ENGINE));
  const interpreter = stand.interpreter();
  let at = 1;
  /** Performs the next operation here, and checks that the command made as many calls. */
  const next = (step: Step): { readonly ns: number; readonly pages: number } => {
    const [pages, calls] = [stand.guest.state().totPages, stand.guest.hypercalls.memoryOps];
    perform(interpreter, step);
    const line = lines[at++];
    const made = stand.guest.hypercalls.memoryOps - calls;
    if (line.op !== step.text || line.calls !== made) {
      throw new Error(
        `native: expected ${made} calls of ${step.text}, as ${DEFAULT_ENGINE} makes, got ${line.calls} of ${line.op}`,
      );
    }
    return { ns: line.ns, pages: Math.abs(stand.guest.state().totPages - pages) };
  };
  for (const step of script.prepare) next(step);
  return Array.from({ length: passes }, () => {
    const moved = noMoves();
    for (const { way, steps: of } of script.parts) {
      for (const step of of) {
        const { ns, pages } = next(step);
        if (way === null) continue;
        moved[way].ns += ns;
        moved[way].pages += pages;
      }
    }
    return moved;
  });
}

/**
 * The script of a case for a command: its own, or its workload written as one.
 *
 * @throws SettingsError: the workload does more than set targets
 */
export function nativeScriptOf(job: ExactJob, config: WorldConfig): ScriptWorkload {
  const own = scriptOf(job);
  if (own !== null) return own;
  const { workload = DEFAULT_WORKLOAD, settleLimitMs = DEFAULT_SETTLE_LIMIT_MS } = job.settings;
  const text = textOf(movesOf(job, config), config.guest.maxPfn, settleLimitMs, workload);
  return parseWorkload(workload, text, { ...config.guest, ...config } as never);
}

/** Writes the passes of a workload as a script. */
function textOf(moves: Moves, maxPfn: number, settleLimitMs: number, workload: string): string {
  let currentPages = maxPfn;
  const lines = ["boot"];
  const refuse = (): never => {
    throw new SettingsError(
      "workload",
      `expected one that sets targets alone, or a script, for native, got ${workload}`,
    );
  };
  const writer: Subject = {
    get guest() {
      return refuse();
    },
    get machine() {
      return refuse();
    },
    settle(targetPages) {
      const way = targetPages < currentPages ? "out" : "in";
      lines.push(`# phase ${way}`, `target ${targetPages}`, `settle ${settleLimitMs}`);
      currentPages = targetPages;
    },
    advance: refuse,
  };
  moves.prepare?.(writer);
  moves.out(writer);
  moves.turn?.(writer);
  moves.in(writer);
  return lines.join("\n");
}

interface TimeLine {
  readonly op: string;
  readonly ns: number;
  readonly calls: number;
}

async function linesOf(command: readonly string[], script: readonly string[]): Promise<readonly TimeLine[]> {
  const folder = await mkdtemp(join(tmpdir(), "xen-balloon-native-"));
  try {
    const file = join(folder, "script.ops");
    await writeFile(file, `${script.join("\n")}\n`);
    const [program, ...words] = command;
    const { stdout } = await promisify(execFile)(program, [...words, "--time", file], { maxBuffer: MOST_BYTES });
    return stdout.trim().split("\n").map(timeLineOf);
  } catch (error) {
    throw new Error(`native: ${command.join(" ")}: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function timeLineOf(text: string): TimeLine {
  const line: Partial<TimeLine> = JSON.parse(text);
  if (typeof line.op === "string" && Number.isFinite(line.ns) && Number.isInteger(line.calls)) return line as TimeLine;
  throw new Error(`expected {"op","ns","calls"}, got ${text.slice(0, 80)}`);
}
