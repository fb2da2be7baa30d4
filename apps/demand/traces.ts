/**
 * Reads demand from JSON: `{ "step_s", "unit", "vms": { id: { "prov_kib", "used_kib": [ … ] } } }`, with one number for
 * each step.
 */
import { listAt, numberAt, objectAt, type Plain, ShapeError } from "../shape.js";
import { DemandError } from "./demand-error.js";
import { UNREAD_JSON } from "./formats.js";
import { type DemandSeries, MAX_PAGES } from "./series.js";

const KIB_PER_PAGE = 4;

/** @throws DemandError: it names the place in the document, the expected value and the value that came */
export function readTraces(text: string): readonly DemandSeries[] {
  try {
    return guestsOf(objectAt("the document", parse(text)));
  } catch (error) {
    throw error instanceof ShapeError ? new DemandError(error.path, error.message) : error;
  }
}

function guestsOf(root: Plain): readonly DemandSeries[] {
  const other = Object.keys(root).find((key) => Object.hasOwn(UNREAD_JSON, key));
  if (other !== undefined) {
    const { name, convert } = UNREAD_JSON[other];
    throw new DemandError("the document", `${name} is not read: ${convert}`);
  }
  if (root.unit !== "KiB") throw new ShapeError("unit", '"KiB"', root.unit);
  const stepMs = 1000 * numberAt("step_s", root.step_s);
  if (stepMs < 1) throw new ShapeError("step_s", "0.001 seconds or more", root.step_s);
  const vms = Object.entries(objectAt("vms", root.vms));
  if (vms.length === 0) throw new DemandError("vms", "expected a guest, got none");
  return vms.map(([vm, value]) => guestOf(vm, objectAt(`vms.${vm}`, value), stepMs));
}

function guestOf(vm: string, guest: Plain, stepMs: number): DemandSeries {
  const used = listAt(`vms.${vm}.used_kib`, guest.used_kib, "numbers");
  if (used.length === 0) throw new DemandError(`vms.${vm}.used_kib`, "expected a number, got none");
  const path = `vms.${vm}.prov_kib`;
  const varies = Array.isArray(guest.prov_kib);
  const provisioned = varies ? listAt(path, guest.prov_kib, "numbers") : used.map(() => guest.prov_kib ?? null);
  if (provisioned.length !== used.length) {
    throw new DemandError(path, `expected ${used.length} numbers, one for each of used_kib, got ${provisioned.length}`);
  }
  if (used.length * stepMs > Number.MAX_SAFE_INTEGER) {
    throw new ShapeError("step_s", `times of at most ${Number.MAX_SAFE_INTEGER} ms`, stepMs / 1000);
  }
  const points = used.map((kib, i) => ({
    timeMs: Math.round(i * stepMs),
    usedPages: pagesAt(`vms.${vm}.used_kib[${i}]`, kib),
    provisionedPages: provisioned[i] === null ? null : pagesAt(varies ? `${path}[${i}]` : path, provisioned[i]),
  }));
  return { vm, points };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DemandError("JSON", (error as Error).message);
  }
}

/** Converts to whole pages, rounded down. */
function pagesAt(path: string, kib: unknown): number {
  const pages = Math.floor(numberAt(path, kib) / KIB_PER_PAGE);
  if (pages > MAX_PAGES) throw new ShapeError(path, `memory of ${MAX_PAGES} pages or less`, kib);
  return pages;
}
