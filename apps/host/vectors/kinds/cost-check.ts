/** Published times of moving memory, against the model's. */
import {
  bandNs,
  scrubNs,
  VIRTIO_4K,
  VIRTIO_SUPERPAGE,
  virtioDeflateNs,
  virtioInflateNs,
  XEN_BAND,
  XEN_HVM_POD,
  XEN_SCRUB,
  xenInflateNs,
} from "xen-balloon/core";
import { listAt, numberAt, type Plain, ShapeError, textAt } from "../../../shape.js";
import { type Difference, differences, type VectorKind } from "../kind.js";

/** The model's figure may differ by so much from the file's, which was computed with a rounder constant in one case. */
const SAME_MODEL = 0.01;

/** A virtual machine with the default memory of Qubes gives so many pages when it boots: 4,000 less 400 MiB. */
const QUBES_BOOT_PAGES = 921_600;

const NS_PER_S = 1e9;
const NS_PER_US = 1000;

/** The model's answer in seconds: one number, or the ends of a band. */
type Answer = (entry: Plain) => { readonly leastS: number; readonly mostS: number };

/** Answers a case by what it is about: a file names the preset, and tells the rest in words. */
const MODELS: Readonly<Record<string, Answer>> = {
  "virtio-4k": (entry) => {
    const pages = numberAt("pages", entry.pages);
    const what = textAt("what", entry.what);
    // with ranges in place of single pages, the allocator's part is the least that is left
    if (what.includes("ranges")) return exact(pages * VIRTIO_4K.allocNs);
    if (what.startsWith("grow")) return exact(virtioDeflateNs(VIRTIO_4K, pages));
    return exact(virtioInflateNs(VIRTIO_4K, pages, isTouched(what) ? pages : 0));
  },
  superpage: (entry) => {
    // a case without blocks is about the freeing of one by the host
    if (entry.blocks === undefined) return exact(VIRTIO_SUPERPAGE.hostFreeTouchedNs);
    const blocks = numberAt("blocks", entry.blocks);
    return exact(virtioInflateNs(VIRTIO_SUPERPAGE, blocks, isTouched(textAt("what", entry.what)) ? blocks : 0));
  },
  "xen-hvm-pod": (entry) => {
    const pages = numberAt("pages", entry.pages);
    return exact(xenInflateNs(XEN_HVM_POD, { pages, vcpus: 1, isScrubbed: true, isUnbacked: true, isPv: false }));
  },
  "xen-band": ({ pages, published_us_per_page: perPage }) => {
    const onePage = perPage === undefined ? QUBES_BOOT_PAGES : 1;
    const { leastNs, mostNs } = bandNs(XEN_BAND, pages === undefined ? onePage : numberAt("pages", pages));
    return { leastS: leastNs / NS_PER_S, mostS: mostNs / NS_PER_S };
  },
  "xen-scrub": () => exact(scrubNs(XEN_SCRUB, 1, 1)),
};

export const costCheck: VectorKind = {
  knows: ({ preset, what }) => typeof preset === "string" && Object.hasOwn(MODELS, preset) && typeof what === "string",

  run(entry) {
    const { leastS, mostS } = (MODELS[textAt("preset", entry.preset)] as Answer)(entry);
    const modelled = secondsOf(entry, "modelled") ?? secondsOf(entry, "modelled_at_least");
    const same = modelled === null || Math.abs(leastS / modelled - 1) <= SAME_MODEL;
    return [
      ...(same ? [] : differences("modelled, in s", modelled, leastS)),
      ...againstPublished(entry, leastS, mostS),
    ];
  },
};

/** Compares with what was published: a figure, its window, or a bound. */
function againstPublished(entry: Plain, leastS: number, mostS: number): readonly Difference[] {
  if (entry.published_window_s !== undefined) {
    const [from, to] = listAt("published_window_s", entry.published_window_s, "two ends");
    const inside = leastS >= numberAt("published_window_s[0]", from) && mostS <= numberAt("published_window_s[1]", to);
    return inside ? [] : differences("published window, in s", entry.published_window_s, [leastS, mostS]);
  }
  const bound = secondsOf(entry, "published_at_least");
  if (bound !== null) return mostS >= bound ? [] : differences("published at least, in s", bound, mostS);
  const published = secondsOf(entry, "published");
  if (published === null) throw new ShapeError("published", "a published time", entry);
  if (entry.modelled_at_least_s !== undefined) {
    return leastS <= published ? [] : differences("published, in s", published, leastS);
  }
  // what a band has no tolerance for lies in it; a stated figure is met to its own last digit
  const tolerance = entry.tolerance === undefined ? SAME_MODEL : numberAt("tolerance", entry.tolerance);
  const inside = leastS <= published * (1 + tolerance) && mostS >= published * (1 - tolerance);
  return inside ? [] : differences("published, in s", published, [leastS, mostS]);
}

/** A time of the case in seconds, whichever unit it has; null where it has none. */
function secondsOf(entry: Plain, field: string): number | null {
  for (const [unit, perSecond] of [
    ["_s", 1],
    ["_ns", NS_PER_S],
    ["_us_per_page", NS_PER_S / NS_PER_US],
  ] as const) {
    const value = entry[field + unit];
    if (value !== undefined) return numberAt(field + unit, value) / perSecond;
  }
  return null;
}

function exact(ns: number): { readonly leastS: number; readonly mostS: number } {
  return { leastS: ns / NS_PER_S, mostS: ns / NS_PER_S };
}

/** Tells whether the memory was in use before. */
function isTouched(what: string): boolean {
  return /(?<!never )touched/.test(what);
}
