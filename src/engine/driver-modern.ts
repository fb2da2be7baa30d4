/** The calls of the modern driver in balloon-modern.wasm. */
import type { BpState, GuestConfig, Loan, LoanStep, ModernDriver, RunState } from "../host/backend.js";
import type { KernelFault } from "../host/faults.js";
import { U32_MAX } from "../host/integers.js";
import { backedPages } from "../host/memory-map.js";
import type { TunableField } from "../host/stats-types.js";
import type { Pages } from "../host/units.js";
import type { BalloonImports, ModernExports } from "./exports.js";
import type { LentPages } from "./lent-pages.js";
import { type EngineModules, instantiateGuest } from "./modules.js";

/** enum bp_state, and yielded, by their numbers in assembly/balloon/driver-modern/. */
const STATES: readonly RunState[] = ["done", "wait", "eagain", "ecanceled", "yielded"];

/** The answer of a loan that has to wait. */
const WAITS = 1;

export class WasmModernDriver implements ModernDriver {
  readonly generation = "modern";
  readonly exports: ModernExports;
  readonly #lent: LentPages;

  /** @throws Error - the module is not among those given */
  constructor(modules: EngineModules, imports: BalloonImports, lent: LentPages) {
    if (modules.balloonModern === undefined) {
      throw new Error("wasm.balloonModern: expected the module of the modern driver, which this guest has, got none");
    }
    this.exports = instantiateGuest<ModernExports>(modules.balloonModern, imports);
    this.#lent = lent;
  }

  /** balloon_init: 0 or -errno. */
  init(config: GuestConfig): number {
    // PFNs that are memory, also those in extra regions
    return this.exports.balloonInit(backedPages({ ...config, extraRegions: [] }));
  }

  /** Injects a fault of the guest's kernel. */
  fail(fault: KernelFault, rc: number, times: number): void {
    const { failAddMemory, failResource, failSetP2m, failAllocP2m } = this.exports;
    const set = { addMemory: failAddMemory, resource: failResource, setP2m: failSetP2m, allocP2m: failAllocP2m };
    set[fault](rc, times);
  }

  /** Changes a setting that is not in balloon_stats. */
  set(field: TunableField, on: boolean): void {
    const set = field === "scrub" ? this.exports.setScrub : this.exports.setHotplugUnpopulated;
    set(on ? 1 : 0);
  }

  credit(): number {
    return this.exports.state_creditPages?.() as number;
  }

  listIsEmpty(): boolean {
    return this.exports.listIsEmpty() !== 0;
  }

  runThread(state: BpState, maxBatches: number): RunState {
    return STATES[this.exports.runThread(STATES.indexOf(state), Math.min(maxBatches, U32_MAX))];
  }

  beginLoan(loan: Loan): LoanStep {
    this.#lent.pfns = loan.pfns;
    return this.#step(loan, this.exports.beginLoan(loan.pages));
  }

  continueLoan(loan: Loan): LoanStep {
    this.#lent.pfns = loan.pfns;
    return this.#step(loan, this.exports.continueLoan(loan.pages, loan.got));
  }

  #step(loan: Loan, answer: number): LoanStep {
    loan.got = this.exports.loanGot() >>> 0;
    return answer === WAITS ? "waits" : answer;
  }

  cancelLoan(loan: Loan): void {
    this.#lent.pfns = loan.pfns;
    this.exports.cancelLoan(loan.pages, loan.got);
  }

  freeBallooned(pfns: Uint32Array, pages: Pages): void {
    this.#lent.pfns = pfns;
    this.exports.freeBalloonedPages(pfns.length, pages);
  }
}
