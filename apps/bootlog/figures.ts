/**
 * Derives the figures of a pv guest's start. The kernel moves the frames below nr_pages that lie in holes to pages above
 * nr_pages, or releases them: `frames in holes = moved + released`. A figure that no line carries follows from the two
 * others, or is missing.
 */
import { countPages, pagesFrom, type Region, withoutFirst } from "xen-balloon/core";
import type { Facts } from "./facts.js";
import type { Kernel } from "./kernel.js";
import { countHoles } from "./map.js";
import type { Memory } from "./memory.js";
import { findNrPages, type Populated, populatedOf } from "./nr-pages.js";
import { choose, contradict, derived, named, printed, type Sourced } from "./sourced.js";

/** Figures that a user gives, in pages. */
export interface GivenPages {
  readonly nrPages?: number | undefined;
  readonly released?: number | undefined;
  readonly remapped?: number | undefined;
}

/** The figures of a pv guest. An undefined figure is missing. */
export interface PvFigures {
  readonly nrPages: Sourced | undefined;
  /** The pages released at boot, without those that were populated again. */
  readonly released: Sourced | undefined;
  /** The frames moved out of holes by a kernel that remaps. */
  readonly remapped: Sourced | undefined;
  readonly extraRegions: readonly Region[] | undefined;
  /** The frames below nr_pages that lie in holes. */
  readonly framesInHoles: Sourced | undefined;
}

/** @throws BootLogError - figures that do not fit together */
export function derivePv(facts: Facts, kernel: Kernel, memory: Memory, given: GivenPages): PvFigures {
  const nrPages = choose(given.nrPages, findNrPages(facts, kernel, memory));
  checkNrPages(facts, memory, nrPages);
  const frames = framesInHoles(kernel, memory, nrPages);
  const populated = populatedOf(facts);
  const split = splitFrames(facts, kernel, memory, given, frames, nrPages, populated);
  const extraRegions = extraOf(memory, nrPages, split.moved, populated);
  checkRoom(kernel, nrPages, split.released, extraRegions);
  return {
    nrPages,
    released: split.released,
    remapped: kernel.holes?.value.startsWith("releases")
      ? derived(0, `line ${kernel.holes.line}, a kernel that remaps none`)
      : split.moved,
    extraRegions,
    framesInHoles: frames.length === 1 ? frames[0] : undefined,
  };
}

function checkNrPages({ limited, toAllocate, memory }: Facts, { maxPfn }: Memory, nrPages: Sourced | undefined): void {
  if (nrPages === undefined) return;
  const figure = named("nr_pages", nrPages);
  if (maxPfn && limited.length === 0 && nrPages.value > maxPfn.value) {
    contradict([figure, named("max_pfn", maxPfn)], "the guest has no PFNs for that many pages");
  }
  const [pending] = toAllocate;
  if (pending && nrPages.from.includes("Phys-Mach") && pending.value > nrPages.value) {
    contradict(
      [figure, `${pending.value} pages to be allocated (line ${pending.line})`],
      "they are a part of nr_pages",
    );
  }
  const [free] = memory;
  if (free && free.value.free > nrPages.value) {
    contradict([figure, `${free.value.free} free pages (line ${free.line})`], "a free page has a frame");
  }
}

/** The frames below nr_pages that lie in holes: two values if the guest may be dom0 or a domU, none if not known. */
function framesInHoles(kernel: Kernel, memory: Memory, nrPages: Sourced | undefined): readonly Sourced[] {
  if (memory.doubt !== undefined || memory.maxPfn === undefined) return [];
  const holes = countHoles(memory.usable, nrPages?.value ?? memory.maxPfn.value);
  const { privileged } = kernel;
  const counts = new Set([
    ...(privileged?.value === false ? [] : [holes.all]),
    ...(privileged?.value === true ? [] : [holes.all - holes.isa]),
  ]);
  if (nrPages !== undefined && kernel.holes?.value !== "releases gaps") {
    return [...counts].map((value) => derived(value, "the holes of the map below nr_pages"));
  }
  return [...counts].every((value) => value === 0) ? [derived(0, "a map without holes")] : [];
}

interface Split {
  /** The pages above nr_pages that have frames. */
  readonly moved: Sourced | undefined;
  readonly released: Sourced | undefined;
}

function splitFrames(
  facts: Facts,
  kernel: Kernel,
  memory: Memory,
  given: GivenPages,
  frames: readonly Sourced[],
  nrPages: Sourced | undefined,
  populated: Populated | undefined,
): Split {
  if (kernel.holes?.value.startsWith("releases") && given.remapped) {
    contradict([`remapped ${given.remapped} (given)`, `line ${kernel.holes.line}`], "this kernel remaps none");
  }
  const old = facts.released[0] && { value: facts.released[0].value.pages, line: facts.released[0].line };
  const [moves] = facts.remapped;
  switch (kernel.holes?.value) {
    case "releases": {
      const gross = printed(old) ?? (frames.length === 1 ? frames[0] : undefined);
      if (old && frames.length > 0 && !frames.some(({ value }) => value === old.value)) {
        const figures = [`released ${old.value} (line ${old.line})`, ...(nrPages ? [named("nr_pages", nrPages)] : [])];
        contradict(figures, `${frames.map(({ value }) => value).join(" or ")} frames lie in ${frames[0]?.from}`);
      }
      const moved = populatedWhole(kernel, memory, gross, nrPages, populated);
      const released = given.released === undefined ? undefined : derived(given.released, "given");
      return balance(gross ? [gross] : [], moved, released, "populated");
    }
    case "releases gaps":
      return balance(
        frames,
        derived(0, `line ${kernel.holes.line}, a kernel that moves none`),
        choose(given.released, printed(old)),
        "moved",
      );
    default:
      return balance(
        frames,
        choose(given.remapped, moves && derived(moves.value.pages, `line ${moves.line}`)),
        choose(given.released, printed(facts.releasedRest[0])),
        "remapped",
      );
  }
}

/** The populated pages, unless a line of them may be lost: the kernel populates as long as there is room. */
function populatedWhole(
  { mayPopulate, holes }: Kernel,
  { usable, doubt }: Memory,
  gross: Sourced | undefined,
  nrPages: Sourced | undefined,
  populated: Populated | undefined,
): Sourced | undefined {
  const pages = populated?.pages ?? 0;
  const from = populated?.from ?? `line ${holes?.line}, a kernel that populates none`;
  if (gross === undefined) return undefined;
  const begin = populated?.end ?? nrPages?.value;
  const full = doubt === undefined && begin !== undefined && pagesFrom(usable, begin).length === 0;
  return pages >= gross.value || !mayPopulate || full ? derived(pages, from) : undefined;
}

/** Completes `frames = moved + released`. */
function balance(
  frames: readonly Sourced[],
  moved: Sourced | undefined,
  released: Sourced | undefined,
  name: string,
): Split {
  if (frames.length === 0) return { moved, released };
  const sum = (moved?.value ?? 0) + (released?.value ?? 0);
  const fitting = frames.filter(({ value }) => (moved && released ? value === sum : value >= sum));
  const [only] = fitting;
  if (only === undefined) {
    contradict(
      [
        ...(moved ? [named(name, moved)] : []),
        ...(released ? [named("released", released)] : []),
        ...frames.map((each) => named("frames in holes", each)),
      ],
      `${name} and released pages are the frames in holes`,
    );
  }
  if (fitting.length > 1) return { moved, released };
  if (moved === undefined && released === undefined)
    return only.value === 0 ? { moved: only, released: only } : { moved, released };
  const rest = (known: Sourced): Sourced =>
    derived(
      only.value - known.value,
      known.value === 0 ? only.from : `${only.value} (${only.from}) less ${known.value} (${known.from})`,
    );
  return { moved: moved ?? (released && rest(released)), released: released ?? (moved && rest(moved)) };
}

/** xen_extra_mem: the usable pages from nr_pages on, without the first that were moved there. */
function extraOf(
  { usable, doubt, maxPfn }: Memory,
  nrPages: Sourced | undefined,
  moved: Sourced | undefined,
  populated: Populated | undefined,
): readonly Region[] | undefined {
  if (doubt !== undefined || maxPfn === undefined) return undefined;
  const afterPopulated = populated && moved ? pagesFrom(usable, populated.end) : undefined;
  if (nrPages === undefined) return afterPopulated;
  const above = pagesFrom(usable, nrPages.value);
  if (above.length === 0 && !moved?.value) return [];
  if (moved === undefined) return undefined;
  if (countPages(above) < moved.value) {
    contradict(
      [named("nr_pages", nrPages), named("remapped", moved)],
      `only ${countPages(above)} usable pages lie from nr_pages on`,
    );
  }
  const extra = withoutFirst(above, moved.value);
  if (afterPopulated && countPages(afterPopulated) !== countPages(extra)) {
    contradict([named("nr_pages", nrPages), named("populated pages", moved)], "they do not begin at nr_pages");
  }
  return extra;
}

/** @throws BootLogError - a kernel that remaps releases a frame only if no usable page above nr_pages is left for it */
function checkRoom(
  { holes }: Kernel,
  nrPages: Sourced | undefined,
  released: Sourced | undefined,
  extraRegions: readonly Region[] | undefined,
): void {
  const room = countPages(extraRegions ?? []);
  if (holes?.value !== "remaps" || !released?.value || room === 0) return;
  contradict(
    [...(nrPages ? [named("nr_pages", nrPages)] : []), named("released", released)],
    `${room} usable pages above nr_pages are left, and this kernel (line ${holes.line}) remaps to them before it releases`,
  );
}
