/** A condition at which a run stops between two batches: a figure compared with a number, or the outcome of a run. */
import { quote } from "xen-balloon/core";
import { readPages } from "../quantity.js";
import type { Figures } from "./messages.js";

/** A guest as it stands, and how the last turn of its driver ended. */
export interface Standing extends Figures {
  readonly outcome: string;
}

interface Figure {
  readonly of: (figures: Figures) => number;
  readonly example: string;
}

/** The figures by the names that the page has for them; but for the last they are pages. */
const FIGURES: Readonly<Record<string, Figure>> = {
  current: { of: ({ now }) => now.stats.current_pages, example: "current < 8 GiB" },
  target: { of: ({ now }) => now.stats.target_pages, example: "target < 8 GiB" },
  credit: { of: ({ now }) => now.creditPages, example: "credit = 0" },
  "host free": { of: ({ now }) => now.hostFreeFrames, example: "host free < 1 GiB" },
  balloon_low: { of: ({ now }) => now.stats.balloon_low, example: "balloon_low > 1 GiB" },
  balloon_high: { of: ({ now }) => now.stats.balloon_high, example: "balloon_high > 1 GiB" },
  "free in the guest": {
    of: ({ state }) => state.freeNormalPages + state.freeHighPages,
    example: "free in the guest < 1 GiB",
  },
  retry_count: { of: ({ now }) => now.stats.retry_count, example: "retry_count > 3" },
};

/** enum bp_state, by the names that the driver has for its values after BP_. The driver of 2013 does not wait. */
const OUTCOMES: Readonly<Record<string, string>> = {
  DONE: "done",
  WAIT: "wait",
  EAGAIN: "eagain",
  ECANCELED: "ecanceled",
};

const COMPARISONS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  "=": (one, other) => one === other,
  ">=": (one, other) => one >= other,
  ">": (one, other) => one > other,
};

/** One condition of each kind. */
export const CONDITIONS: readonly string[] = [
  ...Object.values(FIGURES).map(({ example }) => example),
  ...Object.keys(OUTCOMES).map((name) => `state is ${name}`),
];

/** Reads a condition. @throws RangeError: it is none */
export function readCondition(text: string): (standing: Standing) => boolean {
  const written = text.trim();
  const [, name, sign, given] = /^([a-z_ ]*[a-z_]) *(<=|>=|<|>|=) *(\S.*)$/i.exec(written) ?? [];
  if (Object.hasOwn(FIGURES, name ?? "")) {
    const { of } = FIGURES[name];
    const compare = COMPARISONS[sign];
    const number = readNumber(given);
    return (standing) => compare(of(standing), number);
  }
  const [, outcome] = /^state is ([A-Z]+)$/.exec(written) ?? [];
  if (Object.hasOwn(OUTCOMES, outcome ?? "")) return (standing) => standing.outcome === OUTCOMES[outcome];
  const names = Object.keys(FIGURES).join(", ");
  const outcomes = Object.keys(OUTCOMES).join(", ");
  throw new RangeError(
    `expected one of ${names}, then <, <=, =, >= or >, then a number or a size; or "state is" with one of ${outcomes}; got ${quote(written)}`,
  );
}

/** A number, or a size in pages; of a credit it may be negative. */
function readNumber(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const amount = text.replace(/^-/, "");
  return sign * (/^[0-9][0-9,]*$/.test(amount) ? Number(amount.replaceAll(",", "")) : readPages(amount));
}

/** Tells when a condition comes true. */
export class Breakpoint {
  readonly text: string;
  readonly #isMet: (standing: Standing) => boolean;
  #was: boolean;

  /** @throws RangeError: it is no condition */
  constructor(text: string, standing: Standing | null) {
    this.text = text.trim();
    this.#isMet = readCondition(text);
    this.#was = standing !== null && this.#isMet(standing);
  }

  /** True where it holds, and did not when it was asked before. */
  comesTrue(standing: Standing): boolean {
    const was = this.#was;
    this.#was = this.#isMet(standing);
    return this.#was && !was;
  }
}
