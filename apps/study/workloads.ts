/**
 * The workloads of studies and benchmarks. Each prepares a booted guest, and then moves pages out and in again, every
 * pass like the one before. Its counts are exact on either engine.
 */
import {
  type GuestConfig,
  type MachineBackend,
  randomByRemainder,
  shuffle,
  type WorldGuest,
  type WorldOptions,
} from "xen-balloon/core";

/** A booted guest that a workload moves the pages of. */
export interface Subject {
  readonly guest: WorldGuest;
  readonly machine: MachineBackend;
  /** Sets the target and lets the worker run until it is done, or until the limit of a settle. */
  settle(targetPages: number): void;
  /** Lets virtual time pass. */
  advance(ms: number): void;
}

/** A workload made for one guest. */
export interface Moves {
  /** Runs once, after boot. */
  readonly prepare?: (subject: Subject) => void;
  readonly out: (subject: Subject) => void;
  /** Runs between out and in; it is timed as neither. */
  readonly turn?: (subject: Subject) => void;
  readonly in: (subject: Subject) => void;
  /** Pages moved one way. */
  readonly pages: number;
  /** The least target, in pages. */
  readonly lowestPages: number;
  /** memory_op calls of a pass, out and in; null where the driver has to retry. */
  readonly calls: number | null;
}

/** A workload, for guests of any size. */
export interface Workload {
  /** Completes "Workload NAME:" in a report. */
  readonly says: string;
  /** Options that its guest is booted with, whatever else is set. */
  readonly options?: (seed: number) => WorldOptions;
  /** True where it lets time pass or has a turn, which benchmarks leave out. Default: false. */
  readonly studiesOnly?: true;
  /** The largest guest that it can be run on, in pages. Default: any. */
  readonly largestPages?: number;
  readonly make: (config: GuestConfig, seed: number) => Moves;
}

/** Free pages that are left in a guest after all its other free pages went. */
const KEPT_PAGES = 64;
/** Pages that Xen grants a call under pressure. */
const GRANTED_PAGES = 100;
const MINUTE_MS = 60_000;

/** The number of calls that move so many pages. */
function batches(pages: number, capacity: number): number {
  return Math.ceil(pages / capacity);
}

/** Moves pages out until `low` are left, and in again. */
function between(low: number, { maxPfn, frameListCapacity }: GuestConfig): Moves {
  return {
    out: (subject) => subject.settle(low),
    in: (subject) => subject.settle(maxPfn),
    pages: maxPfn - low,
    lowestPages: low,
    calls: 2 * batches(maxPfn - low, frameListCapacity),
  };
}

function half({ maxPfn }: GuestConfig): number {
  return Math.floor(maxPfn / 2);
}

function randomMoves({ maxPfn, frameListCapacity }: GuestConfig, seed: number): Moves {
  const random = randomByRemainder(seed);
  const targets = Array.from({ length: 16 }, () => maxPfn - 1 - random(Math.floor(maxPfn / 2)));
  const steps = [...targets, maxPfn].map((target, i, all) => Math.abs(target - (all[i - 1] ?? maxPfn)));
  return {
    out(subject) {
      for (const target of targets) subject.settle(target);
    },
    in: (subject) => subject.settle(maxPfn),
    pages: steps.reduce((sum, step) => sum + step, 0) / 2,
    lowestPages: Math.min(...targets),
    calls: steps.reduce((sum, step) => sum + batches(step, frameListCapacity), 0),
  };
}

/** Others take the free frames while the guest is ballooned, and give them back in two halves, a minute apart. */
function contended(config: GuestConfig): Moves {
  let frames: Uint32Array = new Uint32Array(0);
  return {
    ...between(half(config), config),
    turn({ machine }) {
      frames = machine.takeFrames(machine.freeFrames());
    },
    in(subject) {
      const { guest, machine } = subject;
      guest.setTarget(config.maxPfn);
      subject.advance(MINUTE_MS);
      const first = frames.length >>> 1;
      machine.putFrames(frames.subarray(0, first));
      subject.advance(MINUTE_MS);
      machine.putFrames(frames.subarray(first));
      subject.settle(config.maxPfn);
    },
    calls: null,
  };
}

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  bulk: {
    says: "half of the guest out in one go, and in again",
    make: (config) => between(half(config), config),
  },
  repeat: {
    says: "one page out and in: what a batch costs however small",
    make: (config) => between(config.maxPfn - 1, config),
  },
  rand: {
    says: "sixteen moves of random size, half of the guest at most",
    make: randomMoves,
  },
  fragmented: {
    says: "every second page is free, and goes",
    make: (config) => ({
      ...between(half(config) + KEPT_PAGES, config),
      prepare({ guest }) {
        const held = guest.allocPages(config.maxPfn, true);
        guest.freePages(held.filter((_, i) => i % 2 === 0));
      },
    }),
  },
  anywhere: {
    says: "half of the pages are free, anywhere, and go",
    make: (config, seed) => ({
      ...between(half(config) + KEPT_PAGES, config),
      prepare({ guest }) {
        const held = guest.allocPages(config.maxPfn, true);
        shuffle(held, seed);
        guest.freePages(held.subarray(half(config)));
      },
    }),
  },
  shuffled: {
    says: "half of the guest out; before it comes in again the list of ballooned pages is in random order",
    studiesOnly: true,
    make: (config, seed) => ({
      ...between(half(config), config),
      turn({ guest }) {
        let list = new Uint32Array(0);
        guest.allocBallooned(config.maxPfn - half(config), true, (result) => {
          if (result instanceof Uint32Array) list = new Uint32Array(result);
        });
        shuffle(list, seed);
        guest.freeBallooned(list);
      },
    }),
  },
  scattered: {
    says: "half of the guest out and in again, its machine frames given at random at boot",
    options: (seed) => ({ mfnSeed: seed }),
    make: (config) => between(half(config), config),
  },
  pressure: {
    says: `Xen grants at most ${GRANTED_PAGES} pages a call`,
    make: (config) => {
      const pages = Math.floor(config.maxPfn / 8);
      const { frameListCapacity } = config;
      return {
        ...between(config.maxPfn - pages, config),
        prepare: ({ guest }) => guest.inject("partial", GRANTED_PAGES, Number.POSITIVE_INFINITY),
        calls: batches(pages, frameListCapacity) + batches(pages, Math.min(GRANTED_PAGES, frameListCapacity)),
      };
    },
  },
  contended: {
    says: "others take the frames given up; half of them are given back after a minute, the rest a minute later",
    studiesOnly: true,
    make: contended,
  },
  scrub: {
    says: "pages with contents: each that leaves is cleared",
    options: () => ({ contents: true, scrub: true }),
    largestPages: 2 ** 18,
    make: (config) => between(Math.min(2048, half(config)), config),
  },
};
