/** Checks what a log says twice: the second line must say the same, or the lines are of two machines. */
import type { Fact, Facts } from "./facts.js";
import { contradict, type Sourced } from "./sourced.js";

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
