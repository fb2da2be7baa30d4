/** How much of the shortage has which reason. */
import type { HostOutcome, Reason } from "xen-balloon/toolstack";
import { numberColumns, type Table, textColumns } from "../../study/report/document.js";
import type { Point } from "./points.js";
import { NO_REASON, REASON_WORDS } from "./reason-words.js";
import { gibHoursText, sizeWords } from "./words.js";

interface Part {
  readonly shortKibMs: number;
  readonly guests: number;
}

/** A row for each reason that anybody was short for, the greatest first; empty where nobody was. */
export function reasonTable(points: readonly Point[], size: number): readonly Table[] {
  const columns = points.map(({ curve, runs }) => ({ curve, parts: partsOf(runs[0].outcome) }));
  const labels = [...new Set(columns.flatMap(({ parts }) => [...parts.keys()]))];
  if (labels.length === 0) return [];
  const total = (label: string): number =>
    columns.reduce((sum, { parts }) => sum + (parts.get(label)?.shortKibMs ?? 0), 0);
  return [
    {
      kind: "table",
      caption: `Why guests were short on ${sizeWords(size)}: GiB·h, and how many guests.`,
      columns: [...textColumns(["reason"]), ...numberColumns(columns.map(({ curve }) => `${curve}, GiB·h (guests)`))],
      rows: labels
        .sort((a, b) => total(b) - total(a))
        .map((label) => [
          { text: label },
          ...columns.map(({ parts }) => {
            const part = parts.get(label);
            return part === undefined
              ? { text: "0", muted: true }
              : { text: `${gibHoursText(part.shortKibMs)} (${part.guests})` };
          }),
        ]),
      note: reasonsNote(labels),
    },
  ];
}

function partsOf({ guests }: HostOutcome): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const add = (label: string, shortKibMs: number): void => {
    const before = parts.get(label) ?? { shortKibMs: 0, guests: 0 };
    parts.set(label, { shortKibMs: before.shortKibMs + shortKibMs, guests: before.guests + 1 });
  };
  for (const { shortKibMs, reasons } of guests) {
    for (const share of reasons) add(REASON_WORDS[share.reason].label, share.shortKibMs);
    if (shortKibMs > 0 && reasons.length === 0) add(NO_REASON, shortKibMs);
  }
  return parts;
}

/** The reason of the greatest part of a run's shortage; null where nobody was short. */
export function mainReason(outcome: HostOutcome): string | null {
  const [most] = [...partsOf(outcome)].sort(([, a], [, b]) => b.shortKibMs - a.shortKibMs);
  return most?.[0] ?? null;
}

/** Explains the reasons that a table names. */
function reasonsNote(labels: readonly string[]): string {
  const told = Object.keys(REASON_WORDS)
    .map((reason) => REASON_WORDS[reason as Reason])
    .filter(({ label }) => labels.includes(label));
  return told.map(({ label, short }) => `${capital(label)}: ${short("the policy")}.`).join(" ");
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
