/** Six guests that are worth a look, each with a script and with the things to look at. */
import { demandOfAWeek } from "./demand-of-a-week.js";

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** The things to look at while it plays, in the order in which they happen. */
  readonly look: readonly string[];
  readonly script: string;
  /** The speed at which it plays, one of those that the page offers: virtual ms in a real ms. */
  readonly pace: number;
}

const GIB = 2 ** 18;

const steps = (count: number, line: (step: number) => string): string =>
  Array.from({ length: count }, (_, step) => line(step)).join("\n");

export const SCENARIOS: readonly Scenario[] = [
  {
    id: "squeeze",
    title: "A squeeze",
    look: [
      "The target falls in steps, and the guest’s size follows at once: free pages enter the balloon, lowest first.",
      "What the guest loses the host gains: “host free” rises as “current” falls.",
      "In the end the guest gets it all back, and each page leaves the balloon in the order of the list.",
    ],
    script: `config domain=pv max_pfn=${4 * GIB} nr_pages=${4 * GIB} reserved=4096 host_pages=${5 * GIB}
boot
advance 1000
${steps(10, (step) => `target ${4 * GIB - ((step + 1) * 5 * GIB) / 16}\nadvance 500`)}
advance 1500
${steps(5, (step) => `target ${GIB - GIB / 8 + ((step + 1) * 5 * GIB) / 8}\nadvance 500`)}
advance 1000
`,
    pace: 1,
  },
  {
    id: "full-host",
    title: "A full host, and the back-off",
    look: [
      "Other guests take the frames that this one gave back. When it wants them again, Xen has none to give.",
      "The driver tries again after 2 s, 4 s, 8 s, 16 s, then every 32 s: see schedule_delay double, and the credit wait.",
      "At 0:02:00 the host gets frames back, but the guest does not learn of it: it waits for its next try.",
    ],
    script: `config domain=pv max_pfn=${2 * GIB} nr_pages=${2 * GIB} reserved=4096 host_pages=${2 * GIB}
boot
advance 2000
target ${GIB}
advance 3000
host_take ${GIB}
advance 3000
target ${2 * GIB}
advance 112000
host_give ${GIB}
advance 40000
`,
    pace: 10,
  },
  {
    id: "fragmentation",
    title: "Fragmentation",
    look: [
      "Programs take most of the guest, in any order, and give back every second page: the map goes grainy.",
      "The balloon can only have pages that are free, so it fills with single pages. Zoom in to see them.",
      "The frames come back in another order than they went: ask for a page of the map by a click, and compare its frame.",
    ],
    script: `config domain=pv max_pfn=65536 nr_pages=65536 reserved=2048 host_pages=65536
boot
advance 1000
guest_alloc 60000 1
guest_shuffle 7
advance 2000
guest_free_every 2
advance 2000
target 52000
advance 2000
target 44000
advance 2000
host_take 4000
host_give 2000
target 50000
advance 2000
guest_free 30000
host_give 2000
target 65536
advance 3000
`,
    pace: 1,
  },
  {
    id: "bug-on",
    title: "A BUG_ON",
    look: [
      "Xen answers that it took only 100 of a batch’s 512 frames. The driver has no way back from that.",
      "BUG_ON(ret != nr_pages) fires, and the guest ends. The host and other guests go on.",
      "Drag the time line to just before the end to see the last state it was in.",
    ],
    script: `config domain=pv max_pfn=${GIB} nr_pages=${GIB} reserved=4096 host_pages=${GIB}
boot
advance 1500
target 200000
advance 1500
fail decrease 100 1
advance 1500
target 150000
advance 1000
`,
    pace: 1,
  },
  {
    id: "terabyte",
    title: "A terabyte",
    look: [
      "Each step moves 64 GiB, which is 32,768 batches of 512 pages, in the time of a blink.",
      "A cell of the map is thousands of pages. Zoom in until a cell is one page.",
      "A step takes no virtual time: the driver runs until its credit is zero.",
    ],
    script: `config domain=pv max_pfn=${1024 * GIB} nr_pages=${1024 * GIB} reserved=65536 host_pages=${1024 * GIB}
boot
advance 2000
${steps(8, (step) => `target ${1024 * GIB - (step + 1) * 64 * GIB}\nadvance 1000`)}
${steps(4, (step) => `target ${512 * GIB + (step + 1) * 128 * GIB}\nadvance 1000`)}
`,
    pace: 1,
  },
  {
    id: "week",
    title: "A week of demand",
    look: [
      "A daemon sets the target every five minutes from what the guest uses: five working days and a weekend.",
      "Each night at 2 a backup wants memory; on Thursday a job grows until somebody ends it. The week is made up, in the shape of real ones.",
      "Look closer at a day: drag over the curves, or press + on them.",
    ],
    script: demandOfAWeek(),
    pace: 100_000,
  },
];
