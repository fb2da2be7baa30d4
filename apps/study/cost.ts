/** Estimates roughly how long a case runs and how much memory it takes: for the dry run and for the progress line. */
import { type GuestConfig, PAGE_BYTES } from "xen-balloon/core";
import type { ExactJob } from "./exact-job.js";
import { planOf } from "./passes.js";
import { configOf } from "./settings.js";
import { DEFAULT_ENGINE } from "./study.js";

/** The estimated cost of one case. */
export interface Cost {
  /** Duration of the run for exact measures, boot included. */
  readonly exactMs: number;
  /** Duration of one timed process. */
  readonly timedMs: number;
  /** Pages moved in a pass, or in a replay. */
  readonly pages: number;
  /** The linear memory it takes at most. */
  readonly memoryBytes: number;
}

/** By engine: ns a page to boot and to move, and ms to start. */
const SPEED: Readonly<Record<string, { readonly boot: number; readonly move: number; readonly start: number }>> = {
  wasm: { boot: 6, move: 3, start: 60 },
  "wasm-debug": { boot: 60, move: 60, start: 60 },
  native: { boot: 60, move: 60, start: 10 },
  reference: { boot: 60, move: 100, start: 40 },
};
const CLEAR_NS = 650;
/** Added in a replay, whose guest allocates and frees pages besides. */
const REPLAY_NS = 12;
/** The linear memory that the tables of a guest and its machine take, at most. */
export const TABLE_BYTES_PER_PAGE = 13;
/** A timed process takes PROCESS_MS before its first pass, and WARM_MS or more for its warm passes. */
const PROCESS_MS = 150;
const WARM_MS = 700;
const PASSES = 13;

export function costOf(job: ExactJob): Cost {
  const { settings, demand } = job;
  const whole = configOf(job);
  const config = whole.guest;
  const { boot, move, start } = SPEED[settings.engine ?? DEFAULT_ENGINE];
  const pages = demand === null ? 2 * planOf(job, whole).pages : movedBy(demand.points);
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
  return pfnLimit * (TABLE_BYTES_PER_PAGE + (contents ? PAGE_BYTES : 0));
}
