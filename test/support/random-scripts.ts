/**
 * Random scripts on small guests, as text: what fails prints as a script that can be run. Every number is drawn by
 * itself and fitted to the guest afterwards, so that scripts shrink well.
 */
import fc from "fast-check";

/** The limits for random numbers. Sizes are in pages. */
interface Sizes {
  readonly maxPfn: number;
  readonly pfnLimit: number;
  readonly frameList: number;
  readonly cpus: number;
}

/** A word of a script, or what it is for a guest of such sizes. */
type Word = string | number | Sized;
type Sized = (sizes: Sizes) => string | number;

/** A number from 0 to ONE: a part of something. */
const ONE = 65536;
const share: fc.Arbitrary<number> = fc.nat(ONE);

function partOf(whole: number, part: number): number {
  return Math.floor((whole * part) / ONE);
}

/** From `from` up to `to` of the guest. */
function between(from: (sizes: Sizes) => number, to: (sizes: Sizes) => number): fc.Arbitrary<Sized> {
  return share.map(
    (part): Sized =>
      (sizes) =>
        from(sizes) + partOf(to(sizes) - from(sizes), part),
  );
}

const none = (): number => 0;
const bootPages = ({ maxPfn }: Sizes): number => maxPfn;
const halfOfThem = ({ maxPfn }: Sizes): number => maxPfn >> 1;
const eighthOfThem = ({ maxPfn }: Sizes): number => maxPfn >> 3;
const moreThanFit = ({ pfnLimit }: Sizes): number => pfnLimit + 50;

/** Beside a place where a word of a bitmap, a summary word, a batch or a window of a list ends. */
const edge: fc.Arbitrary<number> = fc
  .tuple(fc.constantFrom(64, 128, 512, 1024, 4096), fc.integer({ min: -2, max: 2 }))
  .map(([at, beside]) => at + beside);

/** Pages or frames: a few, about a batch, or any part of the guest. */
const amount: fc.Arbitrary<Word> = fc.oneof(
  fc.nat(3),
  edge,
  fc.integer({ min: -1, max: 1 }).map(
    (more): Sized =>
      ({ frameList }) =>
        frameList + more,
  ),
  between(none, eighthOfThem),
  between(none, bootPages),
);

const target: fc.Arbitrary<Word> = fc.oneof(
  between(none, bootPages),
  between(bootPages, halfOfThem),
  between(none, moreThanFit),
  edge.map(
    (below): Sized =>
      ({ maxPfn }) =>
        Math.max(0, maxPfn - below),
  ),
);

const passingTime: fc.Arbitrary<Word> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("run") },
  { weight: 1, arbitrary: fc.constantFrom(1, 999, 1000, 1001, 5000, 31999, 64000).map((ms) => `advance ${ms}`) },
  { weight: 2, arbitrary: fc.nat(60_000).map((ms) => `settle ${ms}`) },
);

const name: fc.Arbitrary<string> = fc.nat(5).map((n) => `p${n}`);
const flag: fc.Arbitrary<number> = fc.nat(1);
const seed: fc.Arbitrary<number> = fc.nat(1_000_000);
const times: fc.Arbitrary<number> = upTo(4);

function upTo(most: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: most });
}

/** One line or more of a script, with drawn words. */
function lines(texts: TemplateStringsArray, ...words: fc.Arbitrary<Word>[]): fc.Arbitrary<Sized> {
  return fc.tuple(...words).map(
    (drawn): Sized =>
      (sizes) =>
        String.raw({ raw: texts }, ...drawn.map((word) => (typeof word === "function" ? word(sizes) : word))),
  );
}

type Operations = readonly (readonly [weight: number, lines: fc.Arbitrary<Sized>])[];

/** Operations that move pages. They make runs, masks and single pages, and the transitions between them. */
const MOVES: Operations = [
  [26, lines`target ${target}\n${passingTime}`],
  [4, lines`target ${between(bootPages, moreThanFit)}\nrun\nonline\nrun`],
  [6, lines`${passingTime}`],
  [7, lines`balloon_alloc ${name} ${amount} ${flag}`],
  [8, lines`balloon_free ${name} ${upTo(5)}`],
  [9, lines`guest_alloc ${amount} ${flag}`],
  [6, lines`guest_free ${amount}`],
  [4, lines`guest_free_every ${upTo(6)}`],
  [3, lines`guest_shuffle ${seed}`],
  [4, lines`online ${fc.nat(3)}`],
];

/** Operations that hinder the moves, or change how they are done. */
const CIRCUMSTANCES: Operations = [
  [6, lines`host_take ${amount}`],
  [7, lines`host_give ${amount}`],
  [3, lines`max_pages ${between(halfOfThem, moreThanFit)}`],
  [4, lines`partial ${amount} ${times}`],
  [3, lines`fail populate ${fc.constantFrom(0, -1, -12)} ${times}`],
  [1, lines`fail add_memory -17 ${times}`],
  [2, lines`set max_retry_count ${fc.nat(40)}`],
  [2, lines`set max_schedule_delay ${fc.nat(40)}`],
  [2, lines`cpu_up ${fc.integer({ min: -1, max: 8 })}`],
  [2, lines`on_cpu ${between(none, ({ cpus }) => cpus - 1)}`],
  [2, lines`guest_fill ${fc.nat(255)}`],
  [1, lines`boot`],
];

/** Operations that end the guest in a BUG_ON, now or later, or leave it frames that none of its pages names. */
const DEADLY: Operations = [
  [1, lines`fail va -22 1`],
  [1, lines`fail decrease ${fc.constantFrom(-1, 0)} 1`],
  [1, lines`fail decrease ${fc.constantFrom(1, 7, 64, 512)} 1`],
  [1, lines`on_cpu ${fc.nat(64)}`],
];

/** Operations that only the modern driver's scripts have. */
const MODERN: Operations = [
  [6, lines`set hotplug_unpopulated ${flag}\nballoon_alloc ${name} ${amount}`],
  [4, lines`signal ${name}\n${passingTime}`],
  [2, lines`set scrub ${flag}`],
  [2, lines`fail resource ${fc.constantFrom(-12, -16)} ${times}`],
  [2, lines`fail set_p2m -12 ${times}`],
  [2, lines`fail alloc_p2m ${fc.constantFrom(-12, -5)} ${times}`],
  [1, lines`late`],
  [1, lines`advance 3600000`],
];

/** The words of a config line that only the modern driver has. */
const modernWords: fc.Arbitrary<Sized> = fc
  .record({
    dom0: fc.option(fc.oneof(share, fc.constantFrom(0, -38)), { nil: null, freq: 2 }),
    reserve: fc.option(share),
    unpopulatedPages: fc.option(fc.nat(20), { nil: 0 }),
    autoOnline: flag,
    bootTimeout: fc.constantFrom(0, 5, 180),
  })
  .map(
    (drawn): Sized =>
      ({ maxPfn }) => {
        const words = ["driver=modern", `auto_online=${drawn.autoOnline}`, `boot_timeout=${drawn.bootTimeout}`];
        words.push(`unpopulated=${drawn.unpopulatedPages}`);
        if (drawn.dom0 !== null) words.push("dom0=1");
        if (drawn.dom0 !== null && drawn.dom0 !== ONE) {
          words.push(`dom0_reservation=${drawn.dom0 <= 0 ? drawn.dom0 : 1 + partOf(maxPfn, drawn.dom0)}`);
        }
        if (drawn.reserve !== null) words.push(`totalreserve=${1 + partOf(maxPfn >> 2, drawn.reserve)}`);
        return words.join(" ");
      },
  );

/** A guest and its machine: the config line, and the sizes of the guest. */
const configs = fc
  .record({
    domain: fc.constantFrom("pv", "hvm"),
    pages: fc.oneof(
      fc.integer({ min: 20, max: 200 }),
      edge.map((at) => 2 * at),
      fc.integer({ min: 200, max: 3000 }),
      fc.integer({ min: 3000, max: 9000 }),
    ),
    contents: fc.integer({ min: 0, max: 9 }).map((n) => n >= 7),
    extras: fc.array(fc.tuple(share, share), { maxLength: 3 }),
    holes: fc.array(fc.tuple(share, share), { maxLength: 3 }),
    highPages: fc.option(fc.oneof(between(none, bootPages), edge), { nil: 0 }),
    nrPages: fc.option(share, { freq: 3 }),
    releasedPages: fc.option(fc.nat(9), { nil: 0 }),
    reservedPages: share,
    cpus: upTo(4),
    mfnBase: fc.oneof(fc.nat(300), edge),
    mfnSeed: fc.option(upTo(1_000_000), { nil: 0, freq: 2 }),
    hostPages: share,
    maxPages: fc.option(share),
    frameList: fc.constantFrom(512, 1, 7, 64, 1024, 4096),
    hotplug: flag,
    sectionPages: fc.nat(9).map((log2) => 2 ** log2),
    hotplugSections: fc.integer({ min: 2, max: 20 }),
    scrub: flag,
    watermarkPages: share,
    watermarkHighPages: fc.nat(10),
  })
  .map((guest) => {
    const maxPfn = guest.contents ? Math.min(guest.pages, 400) : guest.pages;
    const pfnLimit = maxPfn + guest.hotplug * guest.sectionPages * guest.hotplugSections;
    const sizes: Sizes = { maxPfn, pfnLimit, frameList: guest.frameList, cpus: guest.cpus };
    const reservedPages = partOf(maxPfn >> 4, guest.reservedPages);
    const watermarkPages = partOf(maxPfn >> 5, guest.watermarkPages);
    // a guest without a normal page for each scratch page does not boot
    const leastLow = reservedPages + watermarkPages + 8;
    const highPages = Number(typeof guest.highPages === "function" ? guest.highPages(sizes) : guest.highPages);
    const values = {
      domain: guest.domain,
      max_pfn: maxPfn,
      pfn_limit: pfnLimit,
      nr_pages: guest.nrPages === null ? maxPfn : partOf(2 * maxPfn, guest.nrPages),
      released: guest.releasedPages,
      highmem_start: Math.max(leastLow, pfnLimit - highPages),
      reserved: reservedPages,
      cpus: guest.cpus,
      mfn_base: guest.mfnBase,
      mfn_seed: guest.mfnSeed,
      host_pages: guest.mfnBase + maxPfn + partOf(pfnLimit, guest.hostPages),
      max_pages: guest.maxPages === null ? 0 : (maxPfn >> 1) + partOf(pfnLimit, guest.maxPages),
      frame_list: guest.frameList,
      hotplug: guest.hotplug,
      section: guest.sectionPages,
      scrub: guest.scrub,
      bytes: guest.contents ? 1 : 0,
      watermark: watermarkPages,
      watermark_high: guest.watermarkHighPages,
    };
    const regions = [...extraRegions(maxPfn, guest.extras), ...holes(maxPfn, guest.holes)];
    const words = [...Object.entries(values).map(([key, value]) => `${key}=${value}`), ...regions];
    return { line: `config ${words.join(" ")}`, sizes };
  });

/** Regions behind each other, with and without a gap; the last of them may reach beyond the end of memory. */
function extraRegions(maxPfn: number, drawn: readonly (readonly [gap: number, pages: number])[]): string[] {
  let end = maxPfn >> 2;
  return drawn.map(([gap, pages]) => {
    const start = end + partOf(maxPfn >> 2, gap);
    end = start + 1 + partOf(maxPfn >> 3, pages);
    return `extra=${start},${end - start}`;
  });
}

function holes(maxPfn: number, drawn: readonly (readonly [start: number, pages: number])[]): string[] {
  return drawn.map(([start, pages]) => `hole=${partOf(maxPfn, start)},${1 + partOf(maxPfn >> 4, pages)}`);
}

function scripts(operations: Operations, words: fc.Arbitrary<Sized> = fc.constant(() => "")): fc.Arbitrary<string> {
  const weighted = operations.map(([weight, arbitrary]) => ({ weight, arbitrary }));
  return fc
    .tuple(configs, words, fc.array(fc.oneof(...weighted), { maxLength: 80, size: "max" }))
    .map(([{ line, sizes }, more, all]) =>
      [`${line} ${more(sizes)}`.trimEnd(), "boot", ...all.map((each) => each(sizes)), "settle 60000"].join("\n"),
    );
}

/** Everything that a script can have. */
export const allScripts: fc.Arbitrary<string> = scripts([...MOVES, ...CIRCUMSTANCES, ...DEADLY]);

/** Scripts in which no BUG_ON fires. */
export const peacefulScripts: fc.Arbitrary<string> = scripts([...MOVES, ...CIRCUMSTANCES]);

/** Scripts that only move pages. */
export const movingScripts: fc.Arbitrary<string> = scripts(MOVES);

/** The same of the modern driver. */
export const modernScripts: fc.Arbitrary<string> = scripts(
  [...MOVES, ...CIRCUMSTANCES, ...MODERN, ...DEADLY],
  modernWords,
);
export const peacefulModernScripts: fc.Arbitrary<string> = scripts([...MOVES, ...CIRCUMSTANCES], modernWords);
export const movingModernScripts: fc.Arbitrary<string> = scripts(
  MOVES,
  fc.constant(() => "driver=modern"),
);

/** Beside a place where a word, a batch, a block of a table, a section, or a word of a summary of a bitmap ends. */
const farEdge: fc.Arbitrary<number> = fc
  .tuple(fc.constantFrom(64, 512, 4096, 32768, 64 ** 3), upTo(60), fc.constantFrom(-65, -1, 0, 0, 0, 1, 63, 200))
  .map(([size, count, beside]) => size * count + beside);

const FAR_TARGETS: fc.Arbitrary<Sized> = fc.tuple(fc.boolean(), farEdge).map(
  ([low, edge]): Sized =>
    ({ maxPfn }) =>
      Math.min(Math.max(low ? edge : maxPfn - edge, 5000), maxPfn),
);

/** Scripts with few operations on a guest of 2^22 pages and more. */
export const largeScripts: fc.Arbitrary<string> = fc
  .record({
    driver: fc.constantFrom("2013", "modern"),
    domain: fc.constantFrom("pv", "hvm"),
    more: fc.constantFrom(0, 1, 64, 511, 4097),
    highPages: fc.option(farEdge, { nil: 0 }),
    extraPages: fc.option(farEdge, { nil: 0 }),
    mfnBase: fc.constantFrom(0, 100, 4096),
    hostPages: share,
    frameList: fc.constantFrom(512, 512, 1024, 100),
    watermark: fc.constantFrom(0, 1000),
    operations: fc.array(
      fc.oneof(
        { weight: 8, arbitrary: lines`target ${FAR_TARGETS}\nsettle` },
        { weight: 1, arbitrary: lines`guest_alloc ${farEdge} ${flag}` },
        { weight: 1, arbitrary: lines`guest_free_every ${upTo(4)}` },
        { weight: 1, arbitrary: lines`host_take ${farEdge}` },
        { weight: 1, arbitrary: lines`host_give ${farEdge}` },
        { weight: 1, arbitrary: lines`partial ${fc.constantFrom(0, 7, 511)} ${times}` },
      ),
      { minLength: 4, maxLength: 9 },
    ),
  })
  .map(({ operations, ...guest }) => {
    const maxPfn = 2 ** 22 + guest.more;
    const sizes: Sizes = { maxPfn, pfnLimit: maxPfn, frameList: guest.frameList, cpus: 1 };
    const values = {
      driver: guest.driver,
      domain: guest.domain,
      max_pfn: maxPfn,
      nr_pages: maxPfn,
      highmem_start: Math.max(maxPfn - guest.highPages, 10_000),
      mfn_base: guest.mfnBase,
      host_pages: guest.mfnBase + maxPfn + partOf(100_000, guest.hostPages),
      frame_list: guest.frameList,
      watermark: guest.watermark,
    };
    const extra = guest.extraPages === 0 ? "" : ` extra=${2 ** 21},${Math.min(guest.extraPages, 2 ** 20)}`;
    const config = Object.entries(values).map(([key, value]) => `${key}=${value}`);
    return [`config ${config.join(" ")}${extra}`, "boot", ...operations.map((each) => each(sizes))].join("\n");
  });

/** Pages between a target and an edge: often whole batches. */
const leftOut: fc.Arbitrary<number> = fc.oneof(
  upTo(4000),
  upTo(8).map((batches) => 512 * batches),
);

/** Scripts in which thousands of pages leave, return and leave again, each time by many batches. */
export const returningScripts: fc.Arbitrary<string> = fc
  .record({
    driver: fc.constantFrom("2013", "modern"),
    domain: fc.constantFrom("pv", "hvm"),
    frameList: fc.constantFrom(512, 512, 512, 1024, 256, 100),
    held: upTo(1500),
    turns: fc.array(fc.tuple(leftOut, leftOut, leftOut, upTo(200)), { minLength: 2, maxLength: 4 }),
  })
  .map(({ driver, domain, frameList, held, turns }) =>
    [
      `config driver=${driver} domain=${domain} frame_list=${frameList} max_pfn=16384 nr_pages=16384 host_pages=18000`,
      "boot",
      `guest_alloc ${held} 0`,
      ...turns.flatMap(([low, middle, high, taken]) => [
        ...[`target ${4000 + low}`, "settle", `target ${9000 + middle}`, "settle"],
        ...[`host_take ${taken}`, `target ${16384 - high}`, "settle"],
      ]),
    ].join("\n"),
  );

/** How many batches the worker makes before each of its pauses, in turn. */
export const batchCounts: fc.Arbitrary<readonly number[]> = fc.array(upTo(5), { minLength: 1, maxLength: 4 });
