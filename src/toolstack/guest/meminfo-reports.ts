/** Has a guest look at its own memory, each tenth of a second at most, and write memory/meminfo where that is news. */
import type { Pages } from "../../host/units.js";
import { PAGE_KIB } from "../guest-boot.js";
import type { HostClock } from "../host-clock.js";
import { MEMINFO_PERIOD_MS, MeminfoWriter } from "./meminfo-writer.js";

/** A guest's memory as it finds it. */
interface Look {
  readonly currentPages: Pages;
  readonly usedKib: number;
}

export class MeminfoReports {
  readonly #clock: HostClock;
  readonly #look: () => Look;
  /** Tells whether the guest lives. */
  readonly #lives: () => boolean;
  /** Writes the key. */
  readonly #write: (meminfo: string) => void;
  readonly #writer = new MeminfoWriter();
  #isDue = false;
  #nextMs = 0;
  #lookedAt: Look = { currentPages: -1, usedKib: -1 };

  constructor(clock: HostClock, look: () => Look, lives: () => boolean, write: (meminfo: string) => void) {
    this.#clock = clock;
    this.#look = look;
    this.#lives = lives;
    this.#write = write;
  }

  /**
   * Plans the guest's next look at its memory. It looks where something has changed: any other look would find what the one
   * before has found.
   */
  plan(): void {
    if (this.#isDue) return;
    const { currentPages, usedKib } = this.#look();
    if (currentPages === this.#lookedAt.currentPages && usedKib === this.#lookedAt.usedKib) return;
    this.#isDue = true;
    const { now } = this.#clock;
    const at = Math.max(this.#nextMs, Math.ceil(now / MEMINFO_PERIOD_MS) * MEMINFO_PERIOD_MS);
    this.#nextMs = at + MEMINFO_PERIOD_MS;
    this.#clock.at(at, 1, () => {
      this.#isDue = false;
      if (this.#lives()) this.#report();
    });
  }

  #report(): void {
    this.#lookedAt = this.#look();
    const { currentPages, usedKib } = this.#lookedAt;
    const meminfo = this.#writer.sample(Math.floor(usedKib), currentPages * PAGE_KIB);
    if (meminfo !== null) this.#write(meminfo);
  }
}
