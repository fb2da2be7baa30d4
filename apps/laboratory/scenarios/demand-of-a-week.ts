/** A script of a week: what a server with office users wants of memory, made up in the shape of real ones. */
import { randomByRemainder } from "xen-balloon/core";

const GIB = 2 ** 18;
const INTERVAL_MINUTES = 5;
const DAY_MINUTES = 24 * 60;
const DAYS = 7;
const MEMORY = 16 * GIB;
/** A daemon leaves the guest so much more than it uses. */
const SPARE = GIB / 2;
/** Targets are set in whole 16 MiB, and only when they change. */
const STEP = 4096;

/** Config lines, a boot and a target for each change of the demand. */
export function demandOfAWeek(): string {
  const random = randomByRemainder(2013);
  const lines = [`config domain=pv max_pfn=${MEMORY} nr_pages=${MEMORY} reserved=4096 host_pages=${MEMORY}`, "boot"];
  let before = 0;
  let waited = 0;
  for (let minute = 0; minute < DAYS * DAY_MINUTES; minute += INTERVAL_MINUTES) {
    const noise = 1 + (random(1000) - 500) / 10_000;
    const used = usedGib(minute) * noise * GIB + SPARE;
    const target = Math.min(MEMORY, Math.round(used / STEP) * STEP);
    if (target !== before) {
      if (waited > 0) lines.push(`advance ${waited}`);
      lines.push(`target ${target}`);
      waited = 0;
      before = target;
    }
    waited += INTERVAL_MINUTES * 60_000;
  }
  return `${lines.join("\n")}\nadvance ${waited}\n`;
}

/** The memory in use at a minute of the week, which begins on Monday at midnight. */
function usedGib(minute: number): number {
  const day = Math.floor(minute / DAY_MINUTES);
  const hour = (minute % DAY_MINUTES) / 60;
  const workday = day < 5;
  // users come from 8 on, go to lunch at noon, and leave by 18
  const users = workday ? 5.5 * (bump(hour, 10.5, 2) + bump(hour, 15, 2.2)) : 0.8 * bump(hour, 14, 4);
  const backup = hour >= 2 && hour < 3.5 ? 3 : 0;
  // on Thursday a job grows until somebody ends it at 22
  const leak = day === 3 && hour > 9 && hour < 22 ? (hour - 9) * 0.45 : 0;
  return 2.5 + users + backup + leak;
}

/** 1 at its middle, less and less away from it. */
function bump(hour: number, middle: number, width: number): number {
  return Math.exp(-(((hour - middle) / width) ** 2));
}
