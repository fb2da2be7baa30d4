/** The driver of a guest as its attributes in sysfs read and set it. */
import type { Pages } from "../../host/units.js";
import type { WorldGuest } from "../../world/guest.js";
import type { SysfsDriver } from "./sysfs.js";

export class DriverAttributes implements SysfsDriver {
  readonly #guest: WorldGuest;
  #scrub: boolean;

  constructor(guest: WorldGuest) {
    this.#guest = guest;
    this.#scrub = guest.config.scrub;
  }

  get currentPages(): Pages {
    return this.#guest.stats().current_pages;
  }

  get lowPages(): Pages {
    return this.#guest.stats().balloon_low;
  }

  get highPages(): Pages {
    return this.#guest.stats().balloon_high;
  }

  get scheduleDelaySeconds(): number {
    return this.#guest.stats().schedule_delay;
  }

  get retryCount(): number {
    return this.#guest.stats().retry_count;
  }

  get targetPages(): Pages {
    return this.#guest.stats().target_pages;
  }

  set targetPages(pages: Pages) {
    this.#guest.setTarget(pages);
  }

  get maxScheduleDelaySeconds(): number {
    return this.#guest.stats().max_schedule_delay;
  }

  set maxScheduleDelaySeconds(seconds: number) {
    this.#guest.tune("max_schedule_delay", seconds);
  }

  get maxRetryCount(): number {
    return this.#guest.stats().max_retry_count;
  }

  set maxRetryCount(count: number) {
    this.#guest.tune("max_retry_count", count);
  }

  get scrub(): boolean {
    return this.#scrub;
  }

  set scrub(on: boolean) {
    this.#guest.tune("scrub", Number(on));
    this.#scrub = on;
  }
}
