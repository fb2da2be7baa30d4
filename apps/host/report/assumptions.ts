/** The assumption sheet: everything that a run takes for granted, with its value, its grade and its source. */
import { VIRTIO_4K, XEN_BAND } from "xen-balloon/core";
import type { HostGuest } from "xen-balloon/toolstack";
import { countText, listText, percentText } from "../../study/analysis/figures.js";
import { type Table, textColumns } from "../../study/report/document.js";
import type { CaseOptions, RanPlan, VectorCount } from "./cases.js";
import { sizeWords, timeWords } from "./words.js";

const US_NS = 1000;

type Guest = Omit<HostGuest, "demand">;
type Row = readonly [what: string, assumed: string, source: string];

const USER = "the plan";
const MODEL = "a model; nothing to compare it with";

export function assumptionTable(plan: RanPlan): Table {
  const rows: readonly Row[] = [
    ["used", "The memory that a guest's programs and kernel want. It holds until the next point of the demand.", USER],
    ...plan.readings.map((reading): Row => ["demand", reading, USER]),
    [
      "times of demand",
      "Counted from the host's start, not from the guest's. The first row of a file is at that start, whatever its clock shows.",
      MODEL,
    ],
    [
      "short",
      "The part of what is used that the guest does not have in memory. Demand does not answer a shortage: a program that waits asks for the same as before.",
      MODEL,
    ],
    ...ofCases(plan, "what a shortage does", shortageText, `${MODEL}; ${USER}`),
    ...ofCases(plan, "page cache", cacheText, `${MODEL}; ${USER}`),
    ...ofCases(plan, "pressing", pressText, `${MODEL}; ${USER}`),
    ...ofCases(plan, "guests", guestsText, USER),
    ...ofCases(plan, "floors", floorsText, USER),
    ...ofCases(plan, "guests without a part in it", silentText, USER),
    ...ofCases(plan, "dom0", dom0Text, USER),
    ["the host's size", "The memory for domains: what Xen itself keeps is not in it.", USER],
    ...ofCases(plan, "boot", bootText, MODEL),
    ["starts", "A guest that may start is there at once: building and booting it take no time.", MODEL],
    [
      "waits",
      "Periods and waits of policies and drivers are exact, in virtual time.",
      "the sources of the daemons and of the driver",
    ],
    ["speed", speedText(plan), "named in the plan"],
    [
      "CPU time on Xen",
      `${XEN_BAND.leastNsPerPage / US_NS} to ${XEN_BAND.mostNsPerPage / US_NS} µs a page: two ends, and nothing between them is known.`,
      `${XEN_BAND.source}. Grade: ${XEN_BAND.grade}`,
    ],
    [
      "CPU time of virtio-4k",
      `${VIRTIO_4K.messageNs / US_NS} µs a message of ${VIRTIO_4K.unitsPerMessage} pages; a page that goes out ${VIRTIO_4K.allocNs + VIRTIO_4K.hostNs} ns, and ${countText(VIRTIO_4K.hostFreeTouchedNs)} ns more if it was in use.`,
      `${VIRTIO_4K.source}. Grade: ${VIRTIO_4K.grade}`,
    ],
    [
      "reasons",
      "While pages move, while the driver waits and where a limit or the empty host holds it up, the reason is the driver's; else it is the last that the policy gave.",
      MODEL,
    ],
    ...policiesOf(plan).map((policy): Row => vectorsRow(policy, plan.vectors)),
  ];
  return {
    kind: "table",
    caption: "What is assumed.",
    columns: textColumns(["of", "assumed", "from"]),
    rows: rows.map((row) => row.map((text) => ({ text }))),
    note: "Grade A: two checks against figures that it was not made from. Grade band: the ends of what was published.",
  };
}

/** A row of what all cases have, or of each thing that some of them have. */
function ofCases({ cases }: RanPlan, what: string, words: (options: CaseOptions) => string, source: string): Row[] {
  const texts = [...new Set(cases.map(({ options }) => words(options)))].filter((text) => text !== "");
  if (texts.length === 0) return [];
  return [[what, texts.length === 1 ? texts[0] : `By case: ${texts.join(" Or: ")}`, source]];
}

function shortageText({ pressure }: CaseOptions): string {
  const { shortage, swapKibPerSecond, killAfterMs, killShare } = pressure;
  switch (shortage) {
    case "waits":
      return "waits: programs wait for the memory that is missing.";
    case "swaps":
      return `swaps: what is missing is on disk; it goes there and comes back at ${sizeWords(swapKibPerSecond)} a second.`;
    case "kills":
      return `kills: after ${timeWords(killAfterMs)} of shortage the OOM killer ends programs that have ${percentText(killShare)} of the memory in use; they come back at the next point of the demand.`;
  }
}

function cacheText({ pressure: { cacheShare } }: CaseOptions): string {
  return cacheShare === 0
    ? "None: all memory that nobody uses is free, and the driver gets it."
    : `${percentText(cacheShare)} of the memory that nobody uses is page cache, which one turn of the driver does not get.`;
}

function pressText({ pressure: { pressShare } }: CaseOptions): string {
  return pressShare === 0
    ? "The driver pushes out nothing that is in use."
    : `The driver may push out ${percentText(pressShare)} of the memory in use.`;
}

function guestsText({ guests }: CaseOptions): string {
  if (guests.length === 0) return "None.";
  const kinds = new Map<string, number>();
  for (const { type, driver } of guests) {
    const kind = `${type} with the driver of ${driver === "modern" ? "today" : driver}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const told = listText([...kinds].map(([kind, count]) => (count === guests.length ? kind : `${count} ${kind}`)));
  const sizes = ({ memoryKib }: Guest): number => memoryKib;
  const most = ({ maximumKib }: Guest): number => maximumKib;
  return `${guests.length}, ${told}; at the start ${spanText(guests, sizes)}, at most ${spanText(guests, most)}.`;
}

function bootText({ guests }: CaseOptions): string {
  const logged = guests.filter(({ boot }) => boot !== undefined).map(({ name }) => name);
  const others = guests.filter(({ boot }) => boot === undefined);
  const texts: readonly (readonly [is: boolean, text: string])[] = [
    [
      others.some(({ type }) => type === "pv"),
      "A pv guest starts with its memory; the rest up to its greatest size is an extra region that starts in the balloon.",
    ],
    [
      others.some(({ type }) => type !== "pv"),
      "A guest that is not pv sees all of its greatest size, of which Xen has frames for its memory alone; its driver gives the rest back as it starts, and that is not counted as moved.",
    ],
    [logged.length > 0, `As their boot logs tell: ${listText(logged)}.`],
  ];
  return texts.flatMap(([is, text]) => (is ? [text] : [])).join(" ");
}

function floorsText({ guests }: CaseOptions): string {
  if (guests.length === 0) return "";
  return `The minimum of each guest: ${spanText(guests, ({ minimumKib }) => minimumKib)}. squeezed leaves a guest that much. qmemman and xl know no minimum: qmemman's own floor is 1.3 times what a guest reports and 200 MiB at least, xl's is 128 MiB for dom0.`;
}

/** `244 MiB to 32 GiB each, 120 GiB in all`. */
function spanText(guests: readonly Guest[], size: (guest: Guest) => number): string {
  const sizes = guests.map(size);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map(sizeWords);
  const each = least === most ? least : `${least} to ${most}`;
  return `${each} each, ${sizeWords(sizes.reduce((sum, kib) => sum + kib, 0))} in all`;
}

function silentText({ guests }: CaseOptions): string {
  const named = (keep: (guest: Guest) => boolean, what: string): string[] => {
    const names = guests.filter(keep).map(({ name }) => name);
    return names.length === 0 ? [] : [`${what}: ${listText(names)}.`];
  };
  return [
    ...named(({ balloons }) => balloons === false, "No balloon driver and no agent"),
    ...named(({ balloons, reports }) => balloons !== false && reports === false, "No report of the memory in use"),
  ].join(" ");
}

function dom0Text({ dom0 }: CaseOptions): string {
  if (dom0 === undefined) return "It takes no part, and its memory is not in the host's size.";
  const { memoryKib, minimumKib } = dom0;
  return `It takes part, with ${sizeWords(memoryKib)} at the start and ${sizeWords(minimumKib)} at least.`;
}

function speedText({ cases }: RanPlan): string {
  const speeds = [...new Set(cases.flatMap(({ outcome }) => outcome?.usPerPage ?? []))].sort((a, b) => a - b);
  if (speeds.length === 0) return "Nothing was run.";
  return `Drivers move a page in ${listText(speeds.map(String))} µs of virtual time.`;
}

function policiesOf({ cases }: RanPlan): readonly string[] {
  return [...new Set(cases.flatMap(({ outcome }) => outcome?.policy ?? []))];
}

function vectorsRow(policy: string, vectors: readonly VectorCount[]): Row {
  const counts = vectors.filter((count) => count.policy === policy);
  const told = counts.map(
    ({ passed, of }) => `gives ${countText(passed)} of ${countText(of)} recorded answers of the real one`,
  );
  return [
    `policy ${policy}`,
    told.length === 0 ? "It was compared with no recorded answers of a real one." : `It ${listText(told)}.`,
    told.length === 0 ? "" : "recorded by running the daemon's own code",
  ];
}
