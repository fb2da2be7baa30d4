/** Squeezed with its Xen layer on vector guests: every write, in order. */
import {
  type Answer,
  BALANCE_CHECK_INTERVAL_MS,
  balanceMemory,
  freeMemory,
  freeMemoryRange,
  isUnbalanced,
  XenLayer,
} from "xen-balloon/core";
import { type DomainType, sleep, type Task } from "xen-balloon/toolstack";
import { numberAt, type Plain, ShapeError, textAt } from "../../../shape.js";
import type { VectorKind } from "../kind.js";
import { commonOptions, domidAt, guestsOf, isTrajectory, playScript, type Step, sizeAt } from "../trajectory.js";
import type { VectorGuestOptions } from "../vector-guest.js";
import { VectorHost } from "../vector-host.js";

const DOMAIN_TYPES: readonly DomainType[] = ["pv", "hvm", "pvh", "pv-in-pvh"];

const MEMORY = "memory/";
const KEYS_KEPT = ["target", "memory-offset", "uncooperative"].map((key) => MEMORY + key);

export const squeezedWrites: VectorKind = {
  policy: "squeezed",
  knows: (entry) => isTrajectory(entry, "feature_balloon") && isTrajectory(entry, "dynamic_min_kib"),

  run(entry) {
    const guests = guestsOf(entry);
    const host = new VectorHost({
      totalKib: numberAt("total_kib", entry.total_kib),
      guests: guests.map(optionsOf),
      inPages: true,
      keysKept: KEYS_KEPT,
    });
    for (const guest of guests) writeKeys(host, guest);
    const layer = new XenLayer(host);
    return playScript(
      entry,
      host,
      (step) => perform(host, layer, step),
      (result) => ({
        result,
        t_ms: host.nowMs,
        free_kib: host.freeKib,
        guests: Object.fromEntries(
          host.guests.map(({ domid, actualKib, targetKib, maxmemKib }) => [domid, [actualKib, targetKib, maxmemKib]]),
        ),
        writes: host
          .takeWrites()
          .map(({ tMs, domid, key, value }) => [tMs, domid, key.replace(MEMORY, ""), numberOrText(value)]),
      }),
    );
  },
};

function optionsOf(guest: Plain): VectorGuestOptions {
  const type = DOMAIN_TYPES.find((candidate) => candidate === guest.type);
  if (type === undefined) throw new ShapeError("type", DOMAIN_TYPES.join(", "), guest.type);
  const maxmemKib = sizeAt("maxmem_kib", guest.maxmem_kib);
  return {
    ...commonOptions(guest),
    type,
    targetKib: numberAt("target_kib", guest.target_kib),
    memoryOffsetKib: offsetAt("memory_offset_kib", guest.memory_offset_kib),
    ...(maxmemKib !== undefined && { maxmemKib }),
  };
}

function writeKeys(host: VectorHost, guest: Plain): void {
  const domid = domidAt("domid", guest.domid);
  const write = (key: string, value: unknown): void => {
    if (value !== null && value !== undefined) host.store.write(domid, key, String(value));
  };
  write("memory/target", guest.target_kib);
  write("memory/dynamic-min", guest.dynamic_min_kib);
  write("memory/dynamic-max", guest.dynamic_max_kib);
  write("memory/initial-reservation", guest.initial_reservation_kib);
  if (guest.memory_offset_known === true) write("memory/memory-offset", guest.memory_offset_kib);
  if (guest.feature_balloon === true) write("control/feature-balloon", "1");
  if (guest.guest_agent === true) write("data/updated", "1");
}

/** Does a step of squeezed's scripts; undefined for one that is not known. */
function perform(host: VectorHost, layer: XenLayer, [name, ...values]: Step): unknown {
  const kib = (index: number): number => numberAt(String(name), values[index]);
  const domid = (): number => domidAt(String(name), values[0]);
  switch (name) {
    case "daemon":
      runDaemon(host, layer, kib(0));
      return null;
    case "balance":
      host.drive(balanceMemory(layer));
      return "done";
    case "unbalanced":
      return String(host.drive(isUnbalanced(layer)));
    case "free":
      return wordsOf(host.drive(freeMemory(layer, kib(0))), false);
    case "reserve":
      layer.reserve(textAt("reserve", values[0]), kib(1));
      return null;
    case "range":
      return wordsOf(host.drive(freeMemoryRange(layer, kib(0), kib(1))), true);
    case "dyn":
      host.store.write(domid(), "memory/dynamic-min", String(kib(1)));
      host.store.write(domid(), "memory/dynamic-max", String(kib(2)));
      return null;
    case "actual":
      host.guest(domid()).actualKib = kib(1);
      return null;
    case "driver":
      host.store.write(domid(), "control/feature-balloon", "1");
      return null;
    case "scrub":
      host.scrubKib = kib(0);
      return null;
    default:
      return undefined;
  }
}

/** Runs the periodic loop for `ms`: no sleep begins that would end later, and the rest of the time passes. */
function runDaemon(host: VectorHost, layer: XenLayer, ms: number): void {
  const endMs = host.nowMs + ms;
  host.drive(
    (function* (): Task {
      while (host.nowMs + BALANCE_CHECK_INTERVAL_MS <= endMs) {
        yield* sleep(BALANCE_CHECK_INTERVAL_MS);
        if (yield* isUnbalanced(layer)) yield* balanceMemory(layer);
      }
      yield* sleep(Math.max(0, endMs - host.nowMs));
    })(),
  );
}

function wordsOf(answer: Answer | undefined, withKib: boolean): string {
  switch (answer?.kind) {
    case "freed":
      return withKib ? `ok ${answer.kib}` : "ok";
    case "cannot-free":
      return `cannot_free ${answer.requiredKib} ${answer.freeKib}`;
    case "refused":
      return `refused ${answer.domids.join(",")}`;
    default:
      throw new Error("a call of squeezed waits for an event");
  }
}

/** An offset may be below 0. */
function offsetAt(path: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ShapeError(path, "a number", value);
}

/** The files have sizes as numbers, other values as text, and null for a key that was removed. */
function numberOrText(value: string | number | null): string | number | null {
  return typeof value === "string" && value !== "" ? Number(value) : value;
}
