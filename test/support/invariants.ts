/**
 * Checks the invariants between a machine and its only guest: equations over both sides' tables that no side can check
 * alone.
 */
import { expect } from "vitest";
import { WasmGuest } from "../../src/engine/guest.js";
import { WasmMachine } from "../../src/engine/machine.js";
import { type GuestConfig, INVALID_ENTRY } from "../../src/host/backend.js";
import { backedRuns } from "../../src/host/memory-map.js";
import type { Interpreter } from "../../src/scenario/interpreter.js";
import type { Census, CensusRange, PageState } from "../../src/world/census.js";

/** CPUs that scripts bring up after boot, at most. */
const MAX_CPUS_UP = 9;

/** Everything that was granted to the guest and to others is gone from the heap, and nothing else. */
export interface Expected {
  /** Frames that other domains hold. */
  readonly heldByOthers: number;
  /** False after an injected decrease that lied: pages in the balloon may have kept their frames, or lost them since. */
  readonly everyFrameNamed: boolean;
}

export function checkInvariants(interpreter: Interpreter, expected: Expected): void {
  const { world, guest: booted } = interpreter.booted ?? expect.unreachable("the guest has booted");
  const { machine } = world;
  const guest = booted.backend;
  if (!(machine instanceof WasmMachine && guest instanceof WasmGuest)) expect.unreachable("the engine is Wasm");
  expect(guest.validate(), "broken invariant of the guest").toBe(0);
  expect(machine.validate(), "broken invariant of the machine").toBe(0);

  const { guest: config, mfnBase } = interpreter.config;
  const { totPages, maxPfn } = guest.state();
  const heap = machine.freeFrames();
  expect(heap + expected.heldByOthers + totPages, "frames").toBe(machine.hostPages - mfnBase);

  const p2m = new Uint32Array(maxPfn);
  const m2p = new Uint32Array(machine.hostPages);
  guest.readP2m(0, p2m);
  machine.readM2p(0, m2p);
  const ballooned = new Uint8Array(maxPfn);
  for (const piece of guest.balloonedPages()) for (const pfn of piece) ballooned[pfn] = 1;

  const owned = config.domain === "pv" ? ownFramesOfPv(config, p2m, m2p) : ownFramesOfHvm(p2m, m2p);
  for (const [pfn, mfn] of owned) {
    if (mfn < mfnBase) expect.fail(`PFN ${pfn} is on frame ${mfn}, below mfn_base`);
    if (ballooned[pfn] === 1 && expected.everyFrameNamed)
      expect.fail(`PFN ${pfn} is in the balloon and on frame ${mfn}`);
  }
  if (expected.everyFrameNamed) expect(owned.size, "pages with a frame of their own").toBe(totPages);
}

/** Both engines count their pages alike, whatever the cells. */
export function compareCensus(ours: Interpreter, theirs: Interpreter): void {
  const { pfnLimit } = ours.config.guest;
  const all = { pfn: 0, pages: pfnLimit };
  const part = { pfn: Math.floor(pfnLimit / 3), pages: Math.floor(pfnLimit / 2) };
  for (const range of [
    { ...all, cellPages: 1 },
    { ...all, cellPages: 64 },
    { ...all, cellPages: 1000 },
    { ...part, cellPages: 7 },
  ]) {
    expectSameCounts(censusOf(ours, range), censusOf(theirs, range));
  }
}

/** The counts add up to what the driver says, and to all pages. */
export function checkCensus(interpreter: Interpreter, lentPages: number): void {
  const { guest: config } = interpreter.config;
  const { guest } = interpreter.booted ?? expect.unreachable("the guest has booted");
  const { pfnLimit } = config;
  const { counts } = censusOf(interpreter, { pfn: 0, pages: pfnLimit, cellPages: 64 });
  const sum = (state: PageState): number => counts[state].reduce((total, pages) => total + pages, 0);
  const { balloon_low, balloon_high } = guest.stats();
  const { freeNormalPages, freeHighPages, onlineFrom } = guest.state();
  expect(sum("free")).toBe(freeNormalPages + freeHighPages);
  expect(sum("ballooned")).toBe(balloon_low + balloon_high);
  expect(sum("lent")).toBe(lentPages);
  expect(sum("offline")).toBe(pfnLimit - onlineFrom);
  // each page is one thing at a time: what is in use is what is left, and less than nothing is a large number
  const { inUse } = censusOf(interpreter, { pfn: 0, pages: pfnLimit, cellPages: 1 }).counts;
  expect(inUse.findIndex((pages) => pages > 1)).toBe(-1);
  for (const { start, pages } of backedRuns(config)) {
    const kernels = inUse.subarray(start, Math.min(start + pages, config.reservedPages));
    expect(kernels.indexOf(0)).toBe(-1);
  }
}

/** Page by page expect would take minutes. */
function expectSameCounts(seen: Census, expected: Census): void {
  for (const [state, counts] of Object.entries(seen.counts)) {
    const others = expected.counts[state as PageState];
    const differs = counts.findIndex((pages, cell) => pages !== others[cell]);
    if (differs >= 0 || counts.length !== others.length) {
      expect.fail(`cell ${differs} of ${seen.cellPages} pages: ${state}: ${counts[differs]}, not ${others[differs]}`);
    }
  }
}

function censusOf(interpreter: Interpreter, range: CensusRange): Census {
  const { guest } = interpreter.booted ?? expect.unreachable("the guest has booted");
  return guest.census(range);
}

/** PFNs whose frame M2P gives back to them. Every other entry names a scratch page's frame, one a CPU at most. */
function ownFramesOfPv(config: GuestConfig, p2m: Uint32Array, m2p: Uint32Array): Map<number, number> {
  const owned = new Map<number, number>();
  const scratch = new Set<number>();
  for (const [pfn, mfn] of p2m.entries()) {
    if (mfn === INVALID_ENTRY) continue;
    if (m2p[mfn] === pfn) owned.set(pfn, mfn);
    else scratch.add(mfn);
  }
  for (const mfn of scratch) {
    if (p2m[m2p[mfn]] !== mfn) expect.fail(`P2M names frame ${mfn}, which no page is on`);
  }
  expect(scratch.size, "frames of scratch pages").toBeLessThanOrEqual(config.cpus + MAX_CPUS_UP);
  return owned;
}

/** The physmap: no frame is there twice, and M2P says nothing of any. */
function ownFramesOfHvm(p2m: Uint32Array, m2p: Uint32Array): Map<number, number> {
  const owned = new Map<number, number>();
  for (const [pfn, mfn] of p2m.entries()) if (mfn !== INVALID_ENTRY) owned.set(pfn, mfn);
  expect(new Set(owned.values()).size, "frames of the physmap").toBe(owned.size);
  expect(
    m2p.findIndex((pfn) => pfn !== INVALID_ENTRY),
    "M2P entries of a translated domain",
  ).toBe(-1);
  return owned;
}
