/** A caller of xen_alloc_ballooned_pages, which may have to wait for pages on the list. */
import type { Loan, LoanStep, ModernDriver } from "../host/backend.js";
import { ENOMEM } from "../host/errors.js";
import { type Saved, saveFields } from "../host/saved.js";

/** Hears how a loan ended, once, or once more where its guest has gone back to a time before that: the pages, -errno, or the error that ended the guest. */
export type OnLoanEnd = (result: Uint32Array | number | Error) => void;

export class Borrower {
  /** True if it was woken since it fell asleep. */
  woken = false;
  /** True once the call has come to its end. */
  ended = false;
  readonly #loan: Loan;
  readonly #driver: ModernDriver;
  readonly #onEnd: OnLoanEnd;
  #signalled = false;

  constructor(driver: ModernDriver, loan: Loan, onEnd: OnLoanEnd) {
    this.#driver = driver;
    this.#loan = loan;
    this.#onEnd = onEnd;
  }

  /** Starts the call. */
  begin(): void {
    this.#take(this.#driver.beginLoan(this.#loan));
  }

  /** A signal is pending until the call ends. */
  signal(): void {
    this.#signalled = true;
  }

  /** Goes on where it waits; it sleeps on if there is neither a page nor a signal. */
  goOn(): void {
    this.#take(this.#driver.listIsEmpty() ? "waits" : this.#driver.continueLoan(this.#loan));
  }

  /** The guest has ended: the call never will. */
  abandon(error: Error): void {
    this.ended = true;
    this.#onEnd(error);
  }

  /** Saves how far the call is. One that has ended since then waits again, and hears its end once more. */
  save(): Saved {
    const fields = saveFields(this);
    const signalled = this.#signalled;
    const loan = this.#loan;
    const pfns = loan.pfns.slice(0, loan.got);
    const restore = (): void => {
      fields.restore();
      this.#signalled = signalled;
      loan.pfns.set(pfns);
      loan.got = pfns.length;
    };
    return { bytes: pfns.byteLength, restore };
  }

  #take(step: LoanStep): void {
    // what it did itself does not wake it
    this.woken = false;
    if (step !== "waits") this.#end(step);
    else if (this.#signalled) {
      this.#driver.cancelLoan(this.#loan);
      this.#end(ENOMEM);
    }
  }

  #end(rc: number): void {
    this.ended = true;
    this.#onEnd(rc === 0 ? this.#loan.pfns : rc);
  }
}
