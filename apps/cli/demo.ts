/**
 * `demo`: inflates the balloons of growing guests to half and deflates them again, on the engine and on the reference.
 * Every row is checked against exact counters: a wrong count is an error, not a row.
 */
import { freemem } from "node:os";
import {
  completeWorldConfig,
  type GuestConfig,
  type GuestObserver,
  type MachineFactory,
  PAGE_BYTES,
  SETTLE_WITHIN_MS,
  VirtualWorld,
  type WorldGuest,
} from "xen-balloon/core";
import type { EngineName } from "../engine-names.js";
import { machineFactory } from "../engines.js";
import { TABLE_BYTES_PER_PAGE } from "../study/cost.js";
import { rehearse } from "../study/rehearsal.js";
import { silentObserver } from "../study/silent-observer.js";
import { alignColumns } from "../table.js";

const GIB = 2 ** 30;
/** 1 GiB to 1 TiB: the next power of two would need 4.1 GiB of linear memory for its tables. */
const SIZES_PAGES = [2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 26, 2 ** 28];
/** Guests that would take longer are left out: one of twice the size takes about twice as long. */
const LONGEST_MS = 6000;
const ROUNDS = 2;

/** An engine, and how it makes the batches. */
interface Way {
  readonly engine: EngineName;
  readonly batches: GuestConfig["batches"];
  /** An observer looks at every hypercall, so that each batch is made whatever `batches` says. */
  readonly watched: boolean;
}

const WAYS: readonly Way[] = [
  { engine: "wasm", batches: "merged", watched: false },
  { engine: "wasm", batches: "each", watched: false },
  { engine: "wasm", batches: "each", watched: true },
  { engine: "reference", batches: "each", watched: false },
];

interface Row {
  readonly guest: string;
  readonly way: string;
  readonly bootMs: number;
  readonly pagesMoved: number;
  readonly hypercalls: number;
  /** ns a page in the last round, which is warm. */
  readonly inflateNs: number;
  readonly deflateNs: number;
  /** Duration, boot included. */
  readonly wallMs: number;
}

/** @returns the exit status. */
export async function demo(): Promise<number> {
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const way of WAYS) {
    const makeMachine = await machineFactory(way.engine);
    rehearse(makeMachine, { driver: "2013", domain: "pv", batches: way.batches }, observersOf(way));
    let wallMs = 0;
    let last = 0;
    for (const pages of SIZES_PAGES) {
      const guest = sizeOf(pages);
      const expectedMs = last === 0 ? 0 : (wallMs * pages) / last;
      if (expectedMs > LONGEST_MS) {
        notes.push(`${nameOf(way)} stops before ${guest}: it would take about ${Math.round(expectedMs / 1000)} s`);
        break;
      }
      if (freemem() < pages * TABLE_BYTES_PER_PAGE) {
        notes.push(
          `${nameOf(way)} stops before ${guest}: this machine has ${sizeOf(freemem() / PAGE_BYTES)} of free memory`,
        );
        break;
      }
      progress(`${nameOf(way)}: a guest of ${guest} …`);
      const row = measure(way, makeMachine, pages);
      rows.push(row);
      wallMs = row.wallMs;
      last = pages;
    }
  }
  progress("");
  rows.sort((a, b) => a.pagesMoved - b.pagesMoved);
  process.stdout.write(`${[...table(rows), "", ...notes].join("\n")}\n`);
  return 0;
}

function nameOf({ engine, batches, watched }: Way): string {
  if (engine === "reference") return engine;
  return watched
    ? `${engine}, each batch, watched`
    : `${engine}, ${batches === "each" ? "each batch" : "batches merged"}`;
}

function observersOf({ watched }: Way): readonly GuestObserver[] {
  return watched ? [silentObserver] : [];
}

function measure(way: Way, makeMachine: MachineFactory, pages: number): Row {
  const half = pages / 2;
  const config = completeWorldConfig({ maxPfn: pages, batches: way.batches });
  const began = performance.now();
  const world = new VirtualWorld(makeMachine, config);
  const guest = world.boot(config.guest, observersOf(way));
  const bootMs = performance.now() - began;
  const moveNs = (targetPages: number): number => {
    const begun = performance.now();
    world.settle(guest, targetPages, SETTLE_WITHIN_MS);
    return (performance.now() - begun) * 1e6;
  };
  let [outNs, inNs] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    outNs = moveNs(half);
    inNs = moveNs(pages);
  }
  const wallMs = performance.now() - began;
  check(world, guest, nameOf(way));
  return {
    guest: sizeOf(pages),
    way: nameOf(way),
    bootMs,
    pagesMoved: 2 * ROUNDS * half,
    hypercalls: guest.hypercalls.memoryOps,
    inflateNs: outNs / half,
    deflateNs: inNs / half,
    wallMs,
  };
}

/** Checks the counts, the same on either engine: each page that left was scrubbed once, and all are back. */
function check({ machine }: VirtualWorld, guest: WorldGuest, engine: string): void {
  const { maxPfn: pages, frameListCapacity } = guest.config;
  const state = guest.state();
  const stats = guest.stats();
  const movedOut = (ROUNDS * pages) / 2;
  const exact = {
    current_pages: [stats.current_pages, pages],
    "ballooned pages": [stats.balloon_low + stats.balloon_high, 0],
    "free pages": [state.freeNormalPages, pages - 1],
    tot_pages: [state.totPages, pages],
    "free frames": [machine.freeFrames(), 0],
    memory_op: [guest.hypercalls.memoryOps, (2 * movedOut) / frameListCapacity],
    update_va_mapping: [guest.hypercalls.vaMappings, 2 * movedOut],
    "pages scrubbed": [state.scrubbedPages, movedOut],
    flush_tlb_all: [state.tlbFlushes, movedOut / frameListCapacity],
  };
  for (const [what, [came, expected]] of Object.entries(exact)) {
    if (came !== expected) throw new Error(`${engine}, ${sizeOf(pages)}: ${what}: expected ${expected}, got ${came}`);
  }
}

function table(rows: readonly Row[]): string[] {
  const heads = [
    ["guest", "engine", "boot", "pages", "hypercalls", "inflate", "deflate", "moved"],
    ["", "", "ms", "moved", "", "ns/page", "ns/page", "GiB/s"],
  ];
  const lines = rows.map((row) => [
    row.guest,
    row.way,
    row.bootMs.toFixed(1),
    row.pagesMoved.toLocaleString("en"),
    row.hypercalls.toLocaleString("en"),
    row.inflateNs.toPrecision(3),
    row.deflateNs.toPrecision(3),
    ((2 * PAGE_BYTES * 1e9) / (row.inflateNs + row.deflateNs) / GIB).toLocaleString("en", { maximumFractionDigits: 0 }),
  ]);
  return alignColumns([...heads, ...lines], "llrrrrrr");
}

function sizeOf(pages: number): string {
  const bytes = pages * PAGE_BYTES;
  return bytes >= 1024 * GIB ? `${bytes / GIB / 1024} TiB` : `${Number((bytes / GIB).toFixed(1))} GiB`;
}

/** Overwrites one line on a terminal; elsewhere it writes lines. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}
