/** Demand from JSON: `{ "step_s", "unit", "vms": { id: { "prov_kib", "used_kib": [ … ] } } }`, one number a step. */
import { DemandError, quote } from "./demand-error.js";
import type { DemandSeries } from "./series.js";

const KIB_PER_PAGE = 4;

type Json = Readonly<Record<string, unknown>>;

/** @throws DemandError: where in the document, what was expected and what came */
export function readTraces(text: string): readonly DemandSeries[] {
  const root = objectAt("the document", parse(text));
  if (root.unit !== "KiB") throw wrong("unit", '"KiB"', root.unit);
  const stepMs = 1000 * numberAt("step_s", root.step_s);
  if (stepMs <= 0) throw wrong("step_s", "more than 0 seconds", root.step_s);
  const vms = Object.entries(objectAt("vms", root.vms));
  if (vms.length === 0) throw new DemandError("vms", "expected a guest, got none");
  return vms.map(([vm, value]) => guestOf(vm, objectAt(`vms.${vm}`, value), stepMs));
}

function guestOf(vm: string, guest: Json, stepMs: number): DemandSeries {
  const used = listAt(`vms.${vm}.used_kib`, guest.used_kib);
  if (used.length === 0) throw new DemandError(`vms.${vm}.used_kib`, "expected a number, got none");
  const path = `vms.${vm}.prov_kib`;
  const varies = Array.isArray(guest.prov_kib);
  const provisioned = varies ? listAt(path, guest.prov_kib) : used.map(() => guest.prov_kib ?? null);
  if (provisioned.length !== used.length) {
    throw new DemandError(path, `expected ${used.length} numbers, one for each of used_kib, got ${provisioned.length}`);
  }
  const points = used.map((kib, i) => ({
    timeMs: i * stepMs,
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

function objectAt(path: string, value: unknown): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(path, "an object", value);
}

function listAt(path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(path, "a list of numbers", value);
}

function numberAt(path: string, value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw wrong(path, "a number, 0 or more", value);
}

/** Whole pages, cut. */
function pagesAt(path: string, kib: unknown): number {
  return Math.floor(numberAt(path, kib) / KIB_PER_PAGE);
}

function wrong(path: string, expected: string, value: unknown): DemandError {
  return new DemandError(path, `expected ${expected}, got ${quote(JSON.stringify(value) ?? "")}`);
}
