/** The bill of a policy: the targets that it writes, the memory that moves for it, and the CPU time that this takes. */
import { bandNs, VIRTIO_4K, virtioDeflateNs, virtioInflateNs, XEN_BAND } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import { countText, significant } from "../../study/analysis/figures.js";
import { numberColumns, type Table, textColumns } from "../../study/report/document.js";
import type { Estimate } from "../../study/statistics.js";
import { type Curve, movedKib, type Point, rangeOf } from "./points.js";
import { leastFreeKib } from "./time-lines.js";
import { rangeText, sizeRangeText, sizeWords } from "./words.js";

const S_NS = 1e9;
const US_NS = 1000;

/** `between 4.3 and 86 µs a page`. */
export const BAND_TEXT: string = `between ${XEN_BAND.leastNsPerPage / US_NS} and ${XEN_BAND.mostNsPerPage / US_NS} µs a page`;

const NOTE = `Moved: what balloons took and gave, both ways. CPU on Xen: ${BAND_TEXT}, the ends of what was published; the machines are not known, and no figure between the ends is better than another. virtio-4k: what the same pages would cost a virtio balloon of KVM, from memory that nobody had touched to memory that was in use; for comparison alone.`;

/** A row for each policy and size; nothing where nothing was run. */
export function billTable(curves: readonly Curve[]): readonly Table[] {
  const points = curves.flatMap((curve) => curve.points);
  if (points.length === 0) return [];
  return [
    {
      kind: "table",
      caption: "What balancing costs.",
      columns: [
        ...textColumns(["policy"]),
        ...numberColumns([
          "host",
          "target writes",
          "moved",
          "CPU on Xen, s",
          "CPU on Xen, % of one core",
          "virtio-4k, s",
          "least free memory",
        ]),
      ],
      rows: points.map((point) =>
        [
          point.curve,
          sizeWords(point.totalKib),
          rangeText(
            rangeOf(point, ({ targetWrites }) => targetWrites),
            countText,
          ),
          sizeRangeText(rangeOf(point, movedKib)),
          rangeText(cpuSeconds(point), significant),
          rangeText(cpuPercent(point), significant),
          rangeText(virtioSeconds(point), significant),
          leastFree(point),
        ].map((text) => ({ text })),
      ),
      note: NOTE,
    },
  ];
}

/** CPU seconds that drivers and Xen need, from the fast end for the fastest run to the slow end for the slowest. */
export function cpuSeconds({ runs }: Point): Estimate {
  const ofRun = ({ pagesMoved }: HostOutcome) => bandNs(XEN_BAND, pagesMoved);
  const low = ofRun(runs[0].outcome).leastNs / S_NS;
  const high = ofRun(runs[runs.length - 1].outcome).mostNs / S_NS;
  return { value: low, low, high };
}

function cpuPercent(point: Point): Estimate {
  const { value, low, high } = cpuSeconds(point);
  const percent = (seconds: number): number => (100_000 * seconds) / Math.max(1, point.runs[0].outcome.spanMs);
  return { value: percent(value), low: percent(low), high: percent(high) };
}

function virtioSeconds({ runs }: Point): Estimate {
  const { guests } = runs[0].outcome;
  const out = guests.reduce((pages, { pagesOut }) => pages + pagesOut, 0);
  const taken = guests.reduce((pages, { pagesIn }) => pages + pagesIn, 0);
  const [low, high] = [0, out].map(
    (touched) => (virtioInflateNs(VIRTIO_4K, out, touched) + virtioDeflateNs(VIRTIO_4K, taken)) / S_NS,
  );
  return { value: low, low, high };
}

function leastFree(point: Point): string {
  const least = point.runs.flatMap(({ outcome }) => leastFreeKib(outcome) ?? []);
  return least.length === 0 ? "not sampled" : sizeWords(Math.min(...least));
}
