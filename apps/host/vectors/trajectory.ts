/** Cases with a script: a host, steps one after the other, and what is seen after each. */
import { listAt, numberAt, objectAt, type Plain, ShapeError, textAt } from "../../shape.js";
import { type Difference, differences } from "./kind.js";
import type { GuestKind, VectorGuestOptions } from "./vector-guest.js";
import type { VectorHost } from "./vector-host.js";

/** A step of a script: its name, then its arguments. */
export type Step = readonly unknown[];

/** Does a step. Returns its result, null where it has none. */
export type Perform = (step: Step) => unknown;

/** Tells whether a case is a script of guests all of which have this field. */
export function isTrajectory(entry: Plain, field: string): boolean {
  const { guests, script } = entry;
  return Array.isArray(script) && Array.isArray(guests) && guests.every((guest) => field in objectAt("guests", guest));
}

/** Reads the guests of a case. */
export function guestsOf(entry: Plain): readonly Plain[] {
  return listAt("guests", entry.guests, "guests").map((guest, index) => objectAt(`guests[${index}]`, guest));
}

/** Reads a domid, which is a number or text. */
export function domidAt(path: string, value: unknown): number {
  return numberAt(path, typeof value === "string" && value !== "" ? Number(value) : value);
}

/** Reads a size that may be null or not there: undefined then. */
export function sizeAt(path: string, value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : numberAt(path, value);
}

const KINDS: readonly GuestKind[] = ["ideal", "stuck", "sleepy"];

function kindAt(path: string, value: unknown): GuestKind {
  const kind = KINDS.find((candidate) => candidate === value);
  if (kind === undefined) throw new ShapeError(path, KINDS.join(", "), value);
  return kind;
}

/** The options that `target_kib` and `maxmem_kib` of a guest do not tell: these differ from kind to kind. */
type CommonOptions = Omit<VectorGuestOptions, "targetKib" | "maxmemKib" | "type" | "memoryOffsetKib">;

/** Reads what the guests of all trajectories have in common. */
export function commonOptions(guest: Plain): CommonOptions {
  const limitMs = sizeAt("limit_ms", guest.limit_ms);
  const minFreeKib = sizeAt("min_free_kib", guest.min_free_kib);
  const maxKib = sizeAt("max_kib", guest.max_kib);
  return {
    domid: domidAt("domid", guest.domid),
    actualKib: numberAt("actual_kib", guest.actual_kib),
    usedKib: numberAt("used_kib", guest.used_kib),
    rateKibPerS: numberAt("rate_kib_per_s", guest.rate_kib_per_s),
    kind: kindAt("kind", guest.kind),
    floorKib: sizeAt("floor_kib", guest.floor_kib) ?? null,
    ...(limitMs !== undefined && { limitMs }),
    ...(minFreeKib !== undefined && { minFreeKib }),
    ...(maxKib !== undefined && { maxKib }),
  };
}

/**
 * Plays the script of a case.
 *
 * @param own - does the steps that not all scripts have; undefined for one that it does not know
 * @param observe - tells what is seen after a step
 * @returns the differences of the first step that differs: whatever follows it differs for that reason.
 */
export function playScript(
  entry: Plain,
  host: VectorHost,
  own: Perform,
  observe: (result: unknown) => unknown,
): readonly Difference[] {
  const script = listAt("script", entry.script, "steps");
  const expect = listAt("expect", entry.expect, "answers");
  if (expect.length !== script.length) throw new ShapeError("expect", `${script.length} answers`, expect.length);
  const perform: Perform = (step) => {
    const result = common(host, step, perform);
    return result === undefined ? own(step) : result;
  };
  for (const [index, step] of script.entries()) {
    const result = perform(listAt(`script[${index}]`, step, "a name and arguments"));
    if (result === undefined) throw new ShapeError(`script[${index}]`, "a step that is known", step);
    const found = differences(`step ${index + 1} ${JSON.stringify(step)}`, expect[index], observe(result));
    if (found.length > 0) return found;
  }
  return [];
}

/** Does a step that all scripts have; undefined if it is none. */
function common(host: VectorHost, step: Step, perform: Perform): null | undefined {
  const [name, first, second] = step;
  switch (name) {
    case "advance":
      host.advance(numberAt("advance", first));
      return null;
    case "use":
      host.guest(domidAt("use", first)).usedKib = numberAt("use", second);
      return null;
    case "kind":
      host.guest(domidAt("kind", first)).kind = kindAt("kind", second);
      return null;
    case "take":
      host.take(first as number);
      return null;
    case "at": {
      const later = listAt("at", second, "a name and arguments");
      host.plan(numberAt("at", first), () => {
        if (perform(later) === undefined) throw new ShapeError("at", "a step that is known", later);
      });
      return null;
    }
    default:
      textAt("script", name);
      return undefined;
  }
}
