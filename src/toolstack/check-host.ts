/** Checks a host's options against each other before anything boots. */
import { ArgumentRangeError } from "../host/argument-error.js";
import { PAGE_KIB } from "./hosted-guest.js";
import type { HostGuest, HostOptions } from "./options.js";

/** @throws ArgumentRangeError that names the guest and the option. */
export function checkHost({ totalKib, guests, dom0 }: HostOptions): void {
  whole("totalKib", totalKib, 1);
  const all = dom0 === undefined ? guests : [dom0, ...guests];
  const names = new Set<string>();
  for (const guest of all) {
    if (names.has(guest.name)) throw new ArgumentRangeError("guests", "each name once", `${guest.name} twice`);
    names.add(guest.name);
    checkGuest(guest);
  }
  const atStart = all.filter((guest) => guest === dom0 || (guest.startMs ?? 0) === 0);
  const neededKib = atStart.reduce((kib, { memoryKib }) => kib + memoryKib, 0);
  if (neededKib > totalKib) {
    const got = `${neededKib} KiB for ${atStart.length} guests: ${neededKib - totalKib} too many`;
    throw new ArgumentRangeError("totalKib", `guests that fit into ${totalKib} KiB at the start`, got);
  }
}

function checkGuest(guest: HostGuest): void {
  const { name, balloons, type, memoryKib, minimumKib, maximumKib, videoramKib = 0, demand, boot } = guest;
  const of = (option: string): string => `guests.${name}.${option}`;
  whole(of("videoramKib"), videoramKib, 0);
  whole(of("maximumKib"), maximumKib, videoramKib + PAGE_KIB);
  whole(of("memoryKib"), memoryKib, videoramKib + PAGE_KIB);
  whole(of("minimumKib"), minimumKib, 0);
  atMost(of("memoryKib"), memoryKib, "maximumKib", maximumKib);
  atMost(of("minimumKib"), minimumKib, "memoryKib", memoryKib);
  if (balloons === false && type !== "pv" && boot === undefined && memoryKib !== maximumKib) {
    const expected = `maximumKib (${maximumKib} KiB): outside pv, a guest without a driver sees and uses all of it`;
    throw new ArgumentRangeError(of("memoryKib"), expected, `${memoryKib} KiB`);
  }
  for (const [i, { timeMs, usedKib }] of demand.entries()) {
    if (!(usedKib >= 0)) throw new ArgumentRangeError(of(`demand[${i}].usedKib`), "0 KiB or more", String(usedKib));
    const before = i === 0 ? Number.NEGATIVE_INFINITY : demand[i - 1].timeMs;
    if (timeMs > before) continue;
    throw new ArgumentRangeError(of(`demand[${i}].timeMs`), `a time after ${before} ms`, `${timeMs} ms`);
  }
}

function whole(name: string, kib: number, from: number): void {
  if (Number.isSafeInteger(kib) && kib >= from && kib % PAGE_KIB === 0) return;
  throw new ArgumentRangeError(name, `KiB in whole pages of 4, ${from} or more`, String(kib));
}

function atMost(name: string, kib: number, other: string, most: number): void {
  if (kib <= most) return;
  throw new ArgumentRangeError(name, `${other} (${most} KiB) or less`, `${kib} KiB`);
}
