/** The xenstore of a host: it counts the targets that are written, and refuses those that no toolstack would write. */
import { STATIC_MAX_KEYS } from "./guest/balloon-watch.js";
import type { HostedGuest } from "./hosted-guest.js";
import type { HostGuest } from "./options.js";
import { XenStore } from "./xenstore.js";

/** The keys of memory that a guest or a daemon reads (xapi's squeezed, Qubes' qmemman, libxl). */
const MEMORY_KEYS: ReadonlySet<string> = new Set([
  "memory/target",
  ...STATIC_MAX_KEYS,
  "memory/dynamic-min",
  "memory/dynamic-max",
  "memory/videoram",
  "memory/hotplug-max",
  "memory/initial-reservation",
  "memory/reservation-id",
  "memory/memory-offset",
  "memory/uncooperative",
  "memory/meminfo",
]);

export class HostStore extends XenStore {
  readonly #guestOf: (domid: number) => HostedGuest | undefined;
  readonly #totalKib: number;
  readonly #told: (guest: HostedGuest, kib: number) => void;

  /**
   * @param totalKib - of the host.
   * @param told - hears each target of a guest, in KiB, before the guest does.
   */
  constructor(
    totalKib: number,
    guestOf: (domid: number) => HostedGuest | undefined,
    told: (guest: HostedGuest, kib: number) => void,
  ) {
    super();
    this.#totalKib = totalKib;
    this.#guestOf = guestOf;
    this.#told = told;
  }

  /**
   * A target may be above the guest's greatest size: qmemman writes such ones, and the driver makes of it what it can.
   *
   * @throws RangeError: a target that is no whole number of KiB, or more than the host has; a key of memory that nobody reads.
   */
  override write(domid: number, key: string, value: string): void {
    const guest = this.#guestOf(domid);
    if (/^\/*memory\b/i.test(key) && !MEMORY_KEYS.has(key)) {
      const keys = [...MEMORY_KEYS].join(", ");
      throw new RangeError(`${key} of ${guest?.name ?? `domain ${domid}`}: expected a key that is read: ${keys}`);
    }
    if (key === "memory/target" && guest !== undefined) {
      const kib = targetOf(value);
      if (kib === null || kib > this.#totalKib) {
        const expected = `expected a whole number of KiB, 0 to the host's ${this.#totalKib}, as text`;
        throw new RangeError(`memory/target of ${guest.name}: ${expected}, got ${JSON.stringify(value)}`);
      }
      this.#told(guest, kib);
    }
    super.write(domid, key, value);
  }

  /** Writes the keys of a guest that is built with `memoryKib`, as libxl does; that is no decision of a policy. */
  introduceGuest(domid: number, options: HostGuest, memoryKib: number): void {
    const { maximumKib, minimumKib, videoramKib = 0, balloons = true } = options;
    this.introduce(domid);
    const keys = {
      "memory/static-max": maximumKib,
      "memory/videoram": videoramKib,
      "memory/target": memoryKib - videoramKib,
      "memory/dynamic-min": minimumKib,
      "memory/dynamic-max": maximumKib,
    };
    for (const [key, kib] of Object.entries(keys)) super.write(domid, key, String(kib));
    // a guest with a driver has an agent, too: one without has neither
    if (balloons) for (const key of ["control/feature-balloon", "data/updated"]) super.write(domid, key, "1");
  }
}

/** The KiB of a target; null where it is no number. */
function targetOf(value: unknown): number | null {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
