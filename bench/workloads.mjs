// What is measured: each workload boots a guest, prepares it, and then moves pages out and in again, over and over, each
// time the same. Counters are exact, whatever the engine.

const BATCH_PAGES = 512;
const batches = (pages, capacity = BATCH_PAGES) => Math.ceil(pages / capacity);

/** One settle: the target, and the worker until it has nothing to do. */
function settle(guest, target) {
  guest.setTarget(target);
  const state = guest.runWorker(Number.POSITIVE_INFINITY);
  if (state !== "done") throw new Error(`the worker ended ${state}`);
}

/** Out to `low` and back to `all`. */
function between(low, all) {
  return { out: (guest) => settle(guest, low), in: (guest) => settle(guest, all), pages: all - low };
}

/** A xorshift32 of its own for each workload, so that every process does the same. */
function random(seed) {
  let x = seed;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

/** The guest of a workload: `pages` in all, and `calls` the memory_op calls of a cycle. */
export const workloads = {
  bulk: {
    says: "half of the guest out in one go, and in again",
    make: (pages) => ({ ...between(pages / 2, pages), calls: 2 * batches(pages / 2) }),
  },
  repeat: {
    says: "one page out and in: what a batch costs however small",
    make: (pages) => ({ ...between(pages - 1, pages), calls: 2 }),
  },
  rand: {
    says: "sixteen moves of random size, half of the guest at most",
    make: (pages) => {
      const below = random(7);
      const targets = Array.from({ length: 16 }, () => pages - 1 - below(pages / 2));
      const steps = [...targets, pages].map((target, i, all) => target - (all[i - 1] ?? pages));
      const out = (guest) => {
        for (const target of targets) settle(guest, target);
      };
      const moved = steps.reduce((sum, step) => sum + Math.abs(step), 0);
      return {
        out,
        in: (guest) => settle(guest, pages),
        pages: moved / 2,
        calls: steps.reduce((sum, step) => sum + batches(Math.abs(step)), 0),
      };
    },
  },
  fragmented: {
    says: "every second page is free",
    make: (pages) => ({
      ...between(pages / 2 + 64, pages),
      prepare(guest) {
        const held = guest.allocPages(pages, true);
        guest.freePages(held.filter((_, i) => i % 2 === 0));
      },
      calls: 2 * batches(pages / 2 - 64),
    }),
  },
  scattered: {
    says: "machine frames given at random at boot: the first pass alone sees them so",
    options: { mfnSeed: 11 },
    make: (pages) => ({ ...between(pages / 2, pages), calls: 2 * batches(pages / 2) }),
  },
  pressure: {
    says: "Xen grants at most 100 pages a call",
    make: (pages) => ({
      ...between(pages - pages / 8, pages),
      prepare: (guest) => Object.assign(guest.hypercalls.partial, { rc: 100, times: Number.POSITIVE_INFINITY }),
      calls: batches(pages / 8) + batches(pages / 8, 100),
    }),
  },
  scrub: {
    says: "pages with contents: each that leaves is cleared",
    options: { contents: true },
    largest: 2 ** 18,
    make: (pages) => ({ ...between(2048, pages), calls: 2 * batches(pages - 2048) }),
  },
};
