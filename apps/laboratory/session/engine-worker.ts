/** Runs in the engine's worker: it keeps the world of one script and performs one operation at a time. */

import { loadModules } from "xen-balloon";
import {
  type CensusRange,
  drive,
  INVALID_ENTRY,
  Interpreter,
  Mutex,
  type PageState,
  parseOperation,
  parseScript,
  WasmMachine,
} from "xen-balloon/core";
import type { Answer, PageDetail, Request, Snapshot } from "./messages.js";
import { Watch } from "./watch.js";

const watch = new Watch();
const oneAtATime = new Mutex();
const modules = loadModules();
// sent with the first answer
modules.catch(() => undefined);

let interpreter: Interpreter | null = null;
let bug: string | null = null;

/** @throws Error: a Wasm file that cannot be read or is of another build. ScriptError: an invalid configuration */
async function configure(config: string): Promise<void> {
  const script = parseScript(config);
  const compiled = await modules;
  interpreter = new Interpreter(script.config, (hostPages, mfnBase) => new WasmMachine(compiled, hostPages, mfnBase), [
    watch,
  ]);
  watch.attach(interpreter);
}

/** @returns the operation's result. */
async function perform(line: string): Promise<number> {
  if (interpreter === null) throw new Error("no guest is configured yet");
  if (bug !== null) throw new Error(`the guest has ended in BUG_ON(${bug}): boot another`);
  const ours = interpreter;
  const step = { index: 0, line: 1, text: line, operation: parseOperation(1, line.trim().split(/\s+/)) };
  watch.began(line);
  const outcome = await drive((budget) => ours.performInPieces(step, budget));
  bug = outcome.bug?.condition ?? null;
  return outcome.ret;
}

/** Takes a snapshot. The tables are consistent between two pieces of a run. */
function look(range: CensusRange | null): Snapshot {
  // it does not ask a guest that has ended
  const booted = bug === null ? (interpreter?.booted ?? null) : null;
  const now = booted === null ? null : watch.now();
  const census = booted === null || range === null ? null : booted.guest.census(range);
  return {
    kind: "snapshot",
    now,
    state: booted?.guest.state() ?? null,
    census,
    bug,
    ...watch.take(),
  };
}

function inspect(pfn: number): PageDetail | null {
  const guest = interpreter?.booted?.guest;
  if (guest === undefined || bug !== null || pfn >= guest.config.pfnLimit) return null;
  const { counts } = guest.census({ pfn, pages: 1, cellPages: 1 });
  const [state] = Object.entries(counts).find(([, pages]) => pages[0] === 1) as [PageState, Uint32Array];
  const entry = new Uint32Array(1);
  guest.backend.readP2m(pfn, entry);
  return { kind: "page", pfn, state, mfn: entry[0] === INVALID_ENTRY ? null : entry[0] };
}

function answer(message: Answer | null): void {
  if (message !== null) postMessage(message);
}

async function doInTurn(id: number, work: () => Promise<number>): Promise<void> {
  let ret = 0;
  let problem: string | null = null;
  try {
    ret = await oneAtATime.run(work);
  } catch (error) {
    // a single operation has no line
    problem = error instanceof Error ? error.message.replace(/^line 1: /, "") : String(error);
  }
  answer({
    kind: "done",
    id,
    problem,
    ret,
    nowMs: interpreter?.nowMs ?? 0,
    workDueMs: interpreter?.workDueMs ?? null,
    bug,
  });
}

addEventListener("message", ({ data: request }: MessageEvent<Request>) => {
  if (request.kind === "look") answer(look(request.range));
  else if (request.kind === "inspect") answer(inspect(request.pfn));
  else if (request.kind === "perform") void doInTurn(request.id, () => perform(request.line));
  else void doInTurn(request.id, () => configure(request.config).then(() => 0));
});
