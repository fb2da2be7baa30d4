/** Checks what a log says twice: the second line must say the same, or the lines are of two machines. */
import { countPages, PAGE_BYTES } from "xen-balloon/core";
import type { Fact, Facts } from "./facts.js";
import type { GivenPages } from "./figures.js";
import type { Kernel } from "./kernel.js";
import { countHoles, endOf, type MapRange, uncovered, usableIn } from "./map.js";
import type { Memory } from "./memory.js";
import { choose, contradict, derived, named, type Sourced } from "./sourced.js";

/** The lines that a boot prints once. */
const ONCE = {
  banner: "the kernel",
  consolePages: "nr_pages of Mini-OS",
  consoleMaxPfn: "max_pfn of Mini-OS",
  physMach: "the Phys-Mach map",
  toAllocate: "the pages to be allocated",
  released: "released pages",
  releasedRest: "released pages",
  remapped: "remapped pages",
  identity: "pages set to 1-1 mapping",
  p2mBytes: "the size of the p2m area",
  memory: "the Memory line",
  memoryOld: "the Memory line",
  lowMib: "low memory",
  highMib: "high memory",
} as const satisfies Partial<Record<keyof Facts, string>>;

/** @throws BootLogError - two lines of one boot that say different things */
export function checkOnce(facts: Facts): void {
  for (const [name, words] of Object.entries(ONCE)) {
    same<unknown>(facts[name as keyof typeof ONCE], () => "", words);
  }
  same(
    facts.platform.filter(({ value }) => value.domain),
    () => "",
    "the platform",
    ({ domain }) => domain,
  );
  same(facts.zone, ({ name }) => name, "the zone");
  same(facts.nodePages, ({ node }) => `${node}`, "the pages of node");
  for (const [old, rest] of [
    [facts.released[0], facts.releasedRest[0]],
    [facts.populated[0], facts.remapped[0]],
    [facts.released[0], facts.remapped[0]],
  ]) {
    if (old && rest)
      contradict([`line ${old.line}`, `line ${rest.line}`], "a kernel releases the frames of holes or remaps them");
  }
}

function same<T>(
  facts: readonly Fact<T>[],
  groupOf: (value: T) => string,
  words: string,
  tell: (value: T) => unknown = (value) => value,
): void {
  const firsts = new Map<string, Fact<T>>();
  for (const fact of facts) {
    const group = groupOf(fact.value);
    const first = firsts.get(group) ?? fact;
    firsts.set(group, first);
    if (JSON.stringify(tell(first.value)) !== JSON.stringify(tell(fact.value))) {
      contradict([`line ${first.line}`, `line ${fact.line}`], `both tell ${words}${group && ` ${group}`}, and differ`);
    }
  }
}

/** @throws BootLogError - the sums of what was released, or the size of the kernel's table, do not fit */
export function checkSums({ freed, released, p2mBytes }: Facts, maxPfn: Sourced | undefined, bits: number): void {
  const [total] = released;
  const sum = freed.reduce((pages, { value }) => pages + value.pages, 0);
  if (total && sum > total.value.pages) {
    contradict(
      [
        `${sum} pages freed (line ${freed.map(({ line }) => line).join(", ")})`,
        `released ${total.value.pages} (line ${total.line})`,
      ],
      "the sum is what was released",
    );
  }
  const [table] = p2mBytes;
  if (table && maxPfn && table.value < (maxPfn.value * bits) / 8) {
    contradict(
      [`max_pfn ${maxPfn.value} (${maxPfn.from})`, `a p2m area of ${table.value} bytes (line ${table.line})`],
      "it has an entry for each PFN",
    );
  }
}

/** Below 1 MiB the kernel reserves gaps itself, after it released their frames. */
const PFN_OF_1_MIB = 0x100;

/** @throws BootLogError - more pages released or remapped than the whole map has in holes, whatever nr_pages is */
export function checkHoles(
  { released, releasedRest, remapped, freed: ranges }: Facts,
  map: readonly MapRange[],
  { holes, privileged }: Kernel,
  { usable, doubt }: Memory,
  given: GivenPages,
  nrPages: Sourced | undefined,
): void {
  if (doubt !== undefined) return;
  for (const { value, line } of ranges) {
    const room = value.end - value.start - usableIn(usable, value.start * PAGE_BYTES, value.end * PAGE_BYTES);
    if (value.pages > room) {
      contradict([`${value.pages} pages freed (line ${line})`], `${room} PFNs of that range are in holes of the map`);
    }
  }
  const end = nrPages?.value ?? endOf(usable);
  const all = countHoles(usable, end);
  const most =
    holes?.value === "releases gaps"
      ? countPages(uncovered(map, end).filter(({ start }) => start >= PFN_OF_1_MIB)) +
        countHoles(usable, PFN_OF_1_MIB).all
      : all.all - (privileged?.value === false ? all.isa : 0);
  const freed = released[0] && derived(released[0].value.pages, `line ${released[0].line}`);
  const rest = releasedRest[0] && derived(releasedRest[0].value, `line ${releasedRest[0].line}`);
  const moved = remapped[0] && derived(remapped[0].value.pages, `line ${remapped[0].line}`);
  const figures = [
    ["released", choose(given.released, freed ?? rest)] as const,
    ["remapped", choose(given.remapped, moved)] as const,
  ].flatMap(([name, figure]) => (figure ? [{ name, figure }] : []));
  if (figures.reduce((sum, { figure }) => sum + figure.value, 0) > most) {
    contradict(
      figures.filter(({ figure }) => figure.value > 0).map(({ name, figure }) => named(name, figure)),
      `at most ${most} frames lie in the holes of the map`,
    );
  }
}
