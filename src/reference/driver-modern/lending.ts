/** Pages lent to other drivers (xen_alloc_ballooned_pages and xen_free_ballooned_pages, drivers/xen/balloon.c). */

import type { Kernel, Loan, LoanStep } from "../../host/backend.js";
import { ENOMEM } from "../../host/errors.js";
import type { Fault } from "../../host/faults.js";
import { type Saved, saveFields, together } from "../../host/saved.js";
import type { Pages } from "../../host/units.js";
import type { DriverParts } from "../driver-parts.js";
import type { Balloon } from "./balloon.js";
import { type Hotplug, useFault } from "./hotplug.js";
import type { Reservation } from "./reservation.js";

/** The parts of the driver that lending uses. */
interface LendingParts {
  readonly balloon: Balloon;
  readonly reservation: Reservation;
  readonly hotplug: Hotplug;
  /** si_mem_available, in pages. */
  readonly available: () => Pages;
}

/** Lends the pages of one guest's balloon. */
export class Lending {
  /** An injected fault: the P2M entry of a page that is lent cannot be allocated. */
  readonly failAllocP2m: Fault = { amount: 0, times: 0 };
  /** xen_hotplug_unpopulated. */
  hotplugUnpopulated = false;
  readonly #parts: LendingParts;
  readonly #balloon: Balloon;
  readonly #pv: boolean;
  readonly #kernel: Kernel;

  constructor({ config, kernel }: DriverParts, parts: LendingParts) {
    this.#parts = parts;
    this.#balloon = parts.balloon;
    this.#pv = config.domain === "pv";
    this.#kernel = kernel;
  }

  /** Begins to lend (xen_alloc_ballooned_pages). */
  begin(loan: Loan): LoanStep {
    this.#balloon.stats.target_unpopulated += loan.pages;
    return this.goOn(loan);
  }

  /** Takes low pages from the head of the list, and gets more where there are none (xen_alloc_ballooned_pages). */
  goOn(loan: Loan): LoanStep {
    while (loan.got < loan.pages) {
      let step: LoanStep = 0;
      if (this.#balloon.beginsLow) {
        loan.pfns[loan.got++] = this.#balloon.retrieve();
        if (this.#pv) step = useFault(this.failAllocP2m);
      } else {
        step = this.#addBalloonedPages(loan.pages - loan.got);
      }
      if (step === "waits") return step;
      if (step !== 0) return this.#undo(loan, step);
    }
    return 0;
  }

  /** Gets more pages into the balloon: hot-added ones, for which the caller may have to wait, or the guest's own. */
  #addBalloonedPages(pages: Pages): LoanStep {
    const { hotplug, reservation, available } = this.#parts;
    if (this.hotplugUnpopulated && hotplug.reserveAdditionalMemory() !== "ecanceled") {
      return this.#balloon.list.isEmpty ? "waits" : 0;
    }
    if (available() < pages) return ENOMEM;
    return reservation.decrease(pages, false) === "done" ? 0 : ENOMEM;
  }

  /** Fails a loan that waits: a signal came. */
  cancel(loan: Loan): void {
    this.#undo(loan, ENOMEM);
  }

  /** Gives the pages of a loan that failed back. */
  #undo(loan: Loan, rc: number): number {
    this.free(loan.pfns.subarray(0, loan.got), loan.got);
    this.#balloon.stats.target_unpopulated -= loan.pages - loan.got;
    return rc;
  }

  /** Takes back pages that were lent, from an array of `pages` places (xen_free_ballooned_pages). */
  free(pfns: Uint32Array, pages: Pages): void {
    for (const pfn of pfns) this.#balloon.append(pfn);
    this.#balloon.stats.target_unpopulated -= pages;
    if (this.#balloon.currentCredit() !== 0) this.#kernel.wakeThread();
  }
  save(): Saved {
    return together([saveFields(this), saveFields(this.failAllocP2m)]);
  }
}
