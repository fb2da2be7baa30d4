/** The pages of a hosted guest: how many it has, how many may move next, and how many have moved. */
import type { Pages } from "../host/units.js";
import type { WorldGuest } from "../world/guest.js";
import type { Piece } from "./host-clock.js";

/** The length of a piece of a driver's work, in ms: other guests and the policy see memory move in steps of this. */
const PIECE_MS = 100;

export class GuestPages {
  readonly #guest: WorldGuest;
  /** The driver's current_pages. */
  #current: Pages;
  #total: Pages;
  #limit: Pages;
  #capacity: Pages;
  #out = 0;
  #in = 0;

  constructor(guest: WorldGuest) {
    this.#guest = guest;
    this.#current = guest.stats().current_pages;
    const { totPages, maxPages, freeNormalPages, freeHighPages } = guest.state();
    this.#total = totPages;
    this.#limit = maxPages;
    this.#capacity = freeNormalPages + freeHighPages;
  }

  /** The driver's current_pages when it last moved some. */
  get current(): Pages {
    return this.#current;
  }

  /** Frames of the domain. */
  get total(): Pages {
    return this.#total;
  }

  /** Pages that are free or held by programs: all but those of the kernel and of the balloon. */
  get capacity(): Pages {
    return this.#capacity;
  }

  /** Pages that the driver has given back, and taken. */
  get out(): number {
    return this.#out;
  }

  get in(): number {
    return this.#in;
  }

  /** True if the domain has as many frames as it may. */
  get isAtLimit(): boolean {
    return this.#total >= this.#limit;
  }

  /** Limits the frames of the domain. */
  setLimit(pages: Pages): void {
    this.#limit = pages;
    this.#guest.enter((backend) => backend.setMaxPages(pages));
  }

  /** Tells the driver's next piece of work. `freeFrames` of the machine are free, and programs hold `heldPages` pages. */
  nextPiece(usPerPage: number, freeFrames: Pages, heldPages: Pages): Piece {
    if (usPerPage === 0) return { batches: Number.POSITIVE_INFINITY, ms: 0 };
    const { target_pages, current_pages, balloon_low, balloon_high } = this.#guest.backend.stats();
    const room = Math.min(balloon_low + balloon_high, freeFrames, this.#limit - this.#total);
    const movable =
      target_pages < current_pages
        ? Math.min(current_pages - target_pages, this.#capacity - heldPages)
        : Math.min(target_pages - current_pages, room);
    const batchPages = this.#guest.config.frameListCapacity;
    const most = Math.max(1, Math.floor((PIECE_MS * 1000) / (usPerPage * batchPages)));
    return { batches: most, ms: (Math.min(Math.max(0, movable), most * batchPages) * usPerPage) / 1000 };
  }

  /**
   * Counts what the driver has moved: each page that it took came from a frame and is free; each that it gave was free, and
   * its frame went back.
   *
   * @returns true if there was any.
   */
  countMoved(): boolean {
    const { current_pages } = this.#guest.backend.stats();
    const came = current_pages - this.#current;
    if (came > 0) this.#in += came;
    else this.#out -= came;
    this.#current = current_pages;
    this.#total += came;
    this.#capacity += came;
    return came !== 0;
  }
}
