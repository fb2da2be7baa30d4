/**
 * `demo`: inflates the balloons of growing guests to half and deflates them again, on the engine and on the reference.
 * Every row is checked against exact counters: a wrong count is an error, not a row.
 */
import { freemem } from "node:os";
import {
  completeWorldConfig,
  type MachineFactory,
  PAGE_BYTES,
  SETTLE_WITHIN_MS,
  VirtualWorld,
  type WorldGuest,
} from "xen-balloon/core";
import { machineFactory } from "../engines.js";
import { TABLE_BYTES_PER_PAGE } from "../study/cost.js";
import { rehearse } from "../study/rehearsal.js";
import { alignColumns } from "../table.js";

const GIB = 2 ** 30;
const MIB = 2 ** 20;
/** 1 GiB to 1 TiB: the next power of two would need 4.1 GiB of linear memory for its tables. */
const SIZES_PAGES = [2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 26, 2 ** 28];
/** Guests that would take longer are left out: one of twice the size takes about twice as long. */
const LONGEST_MS = 6000;
const ROUNDS = 2;

interface Row {
  readonly guest: string;
  readonly engine: string;
  readonly pagesMoved: number;
  readonly hypercalls: number;
  /** ns a page in the last round, which is warm. */
  readonly inflateNs: number;
  readonly deflateNs: number;
  readonly memoryBytes: number;
  /** Duration, boot included. */
  readonly wallMs: number;
}

/** @returns the exit status. */
export async function demo(): Promise<number> {
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const name of ["wasm", "reference"] as const) {
    const makeMachine = await machineFactory(name);
    rehearse(makeMachine, "pv");
    let wallMs = 0;
    let last = 0;
    for (const pages of SIZES_PAGES) {
      const guest = sizeOf(pages);
      const expectedMs = last === 0 ? 0 : (wallMs * pages) / last;
      if (expectedMs > LONGEST_MS) {
        notes.push(`${name} stops before ${guest}: it would take about ${Math.round(expectedMs / 1000)} s`);
        break;
      }
      if (freemem() < pages * TABLE_BYTES_PER_PAGE) {
        notes.push(`${name} stops before ${guest}: this machine has ${sizeOf(freemem() / PAGE_BYTES)} of free memory`);
        break;
      }
      progress(`${name}: a guest of ${guest} …`);
      const row = measure(name, makeMachine, pages);
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

function measure(engine: string, makeMachine: MachineFactory, pages: number): Row {
  const half = pages / 2;
  const config = completeWorldConfig({ maxPfn: pages });
  const began = performance.now();
  const world = new VirtualWorld(makeMachine, config);
  const guest = world.boot(config.guest);
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
  check(world, guest, engine);
  return {
    guest: sizeOf(pages),
    engine,
    pagesMoved: 2 * ROUNDS * half,
    hypercalls: guest.hypercalls.memoryOps,
    inflateNs: outNs / half,
    deflateNs: inNs / half,
    memoryBytes: world.machine.memoryBytes() + guest.backend.memoryBytes(),
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
    ["guest", "engine", "pages", "hypercalls", "inflate", "deflate", "moved", "linear"],
    ["", "", "moved", "", "ns/page", "ns/page", "GiB/s", "memory"],
  ];
  const lines = rows.map((row) => [
    row.guest,
    row.engine,
    row.pagesMoved.toLocaleString("en"),
    row.hypercalls.toLocaleString("en"),
    row.inflateNs.toFixed(2),
    row.deflateNs.toFixed(2),
    ((2 * PAGE_BYTES * 1e9) / (row.inflateNs + row.deflateNs) / GIB).toLocaleString("en", { maximumFractionDigits: 0 }),
    `${(row.memoryBytes / MIB).toFixed(1)} MiB`,
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
