/** What running a case will take, roughly: for a plan that is looked at before it is run, and for the time left. */
import { type GuestConfig, PAGE_BYTES } from "xen-balloon/core";
import type { ExactJob } from "./exact-job.js";
import { configOf, DEFAULT_ENGINE, workloadOf } from "./settings.js";

export interface Cost {
  /** Of the run for exact measures, boot included. */
  readonly exactMs: number;
  /** Of one process that is timed. */
  readonly timedMs: number;
  /** Pages moved in a pass, or in a replay. */
  readonly pages: number;
  /** Linear memory, at most. */
  readonly memoryBytes: number;
}

/** ns a page, boot and move, and ms to begin with. */
const SPEED: Readonly<Record<string, { readonly boot: number; readonly move: number; readonly start: number }>> = {
  wasm: { boot: 6, move: 3, start: 60 },
  "wasm-debug": { boot: 60, move: 60, start: 60 },
  reference: { boot: 60, move: 100, start: 40 },
};
const CLEAR_NS = 650;
/** Of a replay, whose guest takes and gives back pages besides. */
const REPLAY_NS = 12;
const TABLE_BYTES = 13;
/** A timed process: before its first pass, and in its warm ones, of which each takes this long at least. */
const PROCESS_MS = 150;
const WARM_MS = 700;
const PASSES = 13;

export function costOf(job: ExactJob): Cost {
  const { settings, seed, demand } = job;
  const config = configOf(job).guest;
  const { boot, move, start } = SPEED[settings.engine ?? DEFAULT_ENGINE];
  const pages = demand === null ? 2 * workloadOf(settings).make(config, seed).pages : movedBy(demand.points);
  const pageNs = move + (config.contents && config.scrub ? CLEAR_NS / 2 : 0) + (demand === null ? 0 : REPLAY_NS);
  const bootMs = start + (config.maxPfn * boot) / 1e6;
  const passMs = (pages * pageNs) / 1e6;
  const warmMs = demand === null ? Math.max(WARM_MS, PASSES * passMs) : 0;
  return {
    exactMs: bootMs + passMs,
    timedMs: PROCESS_MS + bootMs + passMs + warmMs,
    pages,
    memoryBytes: memoryOf(config),
  };
}

function movedBy(points: readonly { readonly usedPages: number }[]): number {
  return points.reduce((sum, { usedPages }, i) => sum + Math.abs(usedPages - (points[i - 1]?.usedPages ?? 0)), 0);
}

function memoryOf({ pfnLimit, contents }: GuestConfig): number {
  return pfnLimit * (TABLE_BYTES + (contents ? PAGE_BYTES : 0));
}
