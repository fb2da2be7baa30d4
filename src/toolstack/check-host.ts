/** Checks a host's options against each other before anything boots. */
import { ArgumentRangeError, ArgumentTypeError } from "../host/argument-error.js";
import { describe, readOptions, trueOrFalse } from "../host/arguments.js";
import { GENERATIONS } from "../host/generation.js";
import { PAGE_KIB } from "./guest-boot.js";
import { everyGuest, firstGuests } from "./guest-lists.js";
import type { HostGuest, HostOptions, Pressure } from "./options.js";
import type { DomainType } from "./xen.js";

const OPTIONS: readonly (keyof HostOptions)[] = [
  "totalKib",
  "policy",
  "guests",
  "dom0",
  "usPerPage",
  "pressure",
  "spanMs",
];
const OF_GUEST: readonly (keyof HostGuest)[] = [
  "name",
  "type",
  "driver",
  "memoryKib",
  "minimumKib",
  "maximumKib",
  "videoramKib",
  "vcpus",
  "demand",
  "startMs",
  "stopMs",
  "balloons",
  "reports",
  "boot",
];
const OF_PRESSURE: readonly (keyof Pressure)[] = [
  "shortage",
  "cacheShare",
  "pressShare",
  "swapKibPerSecond",
  "killAfterMs",
  "killShare",
];
const TYPES: readonly DomainType[] = ["pv", "hvm", "pvh", "pv-in-pvh"];
const SHORTAGES: readonly Pressure["shortage"][] = ["waits", "swaps", "kills"];

/** The most memory of a host or a guest, in KiB: a machine and a driver count pages in 32 bits. */
export const MOST_KIB: number = 2 ** 34 - PAGE_KIB;

/** @throws ArgumentRangeError, ArgumentTypeError that name the guest and the option. */
export function checkHost(options: HostOptions): void {
  const {
    totalKib,
    guests,
    dom0,
    policy,
    usPerPage = 0,
    spanMs = 1,
    pressure,
  } = readOptions("options", options, OPTIONS);
  whole("totalKib", totalKib, 1);
  number("totalKib", totalKib, 1, MOST_KIB);
  number("usPerPage", usPerPage, 0);
  number("spanMs", spanMs, 1);
  if (typeof policy?.run !== "function" || typeof policy.name !== "string") {
    throw new ArgumentTypeError("policy", "an object with a name and a method run", describe(policy));
  }
  if (!Array.isArray(guests)) throw new ArgumentTypeError("guests", "a list", describe(guests));
  if (pressure !== undefined) checkPressure(readOptions("pressure", pressure, OF_PRESSURE));
  const names = new Set<string>();
  for (const given of everyGuest(options)) {
    const guest = readOptions(given === dom0 ? "dom0" : `guests[${guests.indexOf(given)}]`, given, OF_GUEST);
    const { name } = guest;
    if (typeof name !== "string" || name === "") throw new ArgumentTypeError("guests.name", "text", describe(name));
    if (names.has(name)) throw new ArgumentRangeError("guests", "each name once", `${name} twice`);
    names.add(name);
    checkGuest(guest);
  }
  const atStart = firstGuests(options);
  const neededKib = atStart.reduce((kib, { memoryKib }) => kib + memoryKib, 0);
  if (neededKib > totalKib) {
    const got = `${neededKib} KiB for ${atStart.length} guests: ${neededKib - totalKib} too many`;
    throw new ArgumentRangeError("totalKib", `guests that fit into ${totalKib} KiB at the start`, got);
  }
}

function checkPressure(pressure: Pressure): void {
  const { shortage, cacheShare = 0, pressShare = 0, swapKibPerSecond = 1, killAfterMs = 1, killShare = 1 } = pressure;
  oneOf("pressure.shortage", shortage, SHORTAGES);
  number("pressure.cacheShare", cacheShare, 0, 1);
  number("pressure.pressShare", pressShare, 0, 1);
  number("pressure.swapKibPerSecond", swapKibPerSecond, 1);
  number("pressure.killAfterMs", killAfterMs, 1);
  number("pressure.killShare", killShare, 0.001, 1);
}

function checkGuest(guest: HostGuest): void {
  const { name, type, driver, memoryKib, minimumKib, maximumKib, videoramKib = 0, vcpus = 1, demand, boot } = guest;
  const { balloons = true, reports = true, startMs = 0, stopMs = Number.POSITIVE_INFINITY } = guest;
  const of = (option: string): string => `guests.${name}.${option}`;
  oneOf(of("type"), type, TYPES);
  oneOf(of("driver"), driver, GENERATIONS);
  trueOrFalse(of("balloons"), balloons);
  trueOrFalse(of("reports"), reports);
  if (!Number.isSafeInteger(vcpus) || vcpus < 1) {
    throw new ArgumentRangeError(of("vcpus"), "a whole number, 1 or more", String(vcpus));
  }
  number(of("startMs"), startMs, 0);
  number(of("stopMs"), stopMs, 0, Number.POSITIVE_INFINITY);
  if (!(stopMs > startMs)) {
    throw new ArgumentRangeError(of("stopMs"), `a time after startMs (${startMs} ms)`, `${stopMs} ms`);
  }
  whole(of("videoramKib"), videoramKib, 0);
  whole(of("maximumKib"), maximumKib, videoramKib + PAGE_KIB);
  number(of("maximumKib"), maximumKib, 0, MOST_KIB);
  whole(of("memoryKib"), memoryKib, videoramKib + PAGE_KIB);
  whole(of("minimumKib"), minimumKib, 0);
  atMost(of("memoryKib"), memoryKib, "maximumKib", maximumKib);
  atMost(of("minimumKib"), minimumKib, "memoryKib", memoryKib);
  if (!balloons && type !== "pv" && boot === undefined && memoryKib !== maximumKib) {
    const expected = `maximumKib (${maximumKib} KiB): outside pv, a guest without a driver sees and uses all of it`;
    throw new ArgumentRangeError(of("memoryKib"), expected, `${memoryKib} KiB`);
  }
  if (!Array.isArray(demand)) throw new ArgumentTypeError(of("demand"), "a list of points", describe(demand));
  if (demand.length === 0 || demand[0].timeMs > startMs) {
    const got = demand.length === 0 ? "none" : `one at ${demand[0].timeMs} ms`;
    throw new ArgumentRangeError(of("demand"), `a first point at ${startMs} ms or before`, got);
  }
  for (const [i, { timeMs, usedKib }] of demand.entries()) {
    if (!(usedKib >= 0 && usedKib < Number.POSITIVE_INFINITY))
      throw new ArgumentRangeError(of(`demand[${i}].usedKib`), "0 KiB or more", String(usedKib));
    const before = i === 0 ? Number.NEGATIVE_INFINITY : demand[i - 1].timeMs;
    if (timeMs > before) continue;
    throw new ArgumentRangeError(of(`demand[${i}].timeMs`), `a time after ${before} ms`, `${timeMs} ms`);
  }
}

function number(name: string, value: unknown, from: number, to: number = Number.MAX_VALUE): void {
  if (typeof value === "number" && value >= from && value <= to) return;
  const most = to >= Number.MAX_VALUE ? "or more" : `to ${to}`;
  throw new ArgumentRangeError(name, `a number, ${from} ${most}`, String(value));
}

function oneOf(name: string, value: unknown, values: readonly string[]): void {
  if (values.includes(value as string)) return;
  throw new ArgumentRangeError(name, `one of ${values.join(", ")}`, String(value));
}

function whole(name: string, kib: number, from: number): void {
  if (Number.isSafeInteger(kib) && kib >= from && kib % PAGE_KIB === 0) return;
  throw new ArgumentRangeError(name, `KiB in whole pages of 4, ${from} or more`, String(kib));
}

function atMost(name: string, kib: number, other: string, most: number): void {
  if (kib <= most) return;
  throw new ArgumentRangeError(name, `${other} (${most} KiB) or less`, `${kib} KiB`);
}
