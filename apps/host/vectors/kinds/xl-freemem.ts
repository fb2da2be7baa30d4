/** Xl's freemem in front of a dom0 that moves by a rule, on a host that others take from. */
import { freemem, XenStore } from "xen-balloon/core";
import type { Domain, Task, Xen } from "xen-balloon/toolstack";
import { numberAt, type Plain } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";
import { wholePages } from "../vector-guest.js";

const TICK_MS = 100;

export const xlFreemem: VectorKind = {
  policy: "xl",
  knows: (entry) => "dom0_actual_kib" in entry && "need_kib" in entry,

  run(entry) {
    const host = new Dom0Host(entry);
    const freed = host.drive(freemem(host, numberAt("need_kib", entry.need_kib)));
    const { actualKib: actual_kib, targetKib: target_kib, unseenFreeKib: free_kib } = host;
    return [
      ...differences("looks", entry.looks, host.looks),
      ...differences("ok", entry.ok, freed === "freed"),
      ...differences("t_ms", entry.t_ms, host.nowMs),
      ...differences("after", entry.after, { free_kib, actual_kib, target_kib }),
    ];
  },
};

/** A host with dom0 alone. Every look at its free memory is kept. */
class Dom0Host implements Xen {
  readonly store = new XenStore();
  readonly scrubKib = 0;
  readonly logs = false;
  readonly totalKib: number;
  /** Time, free, actual and target at each look. */
  readonly looks: number[][] = [];
  nowMs = 0;
  actualKib: number;
  /** Free memory, for those who do not look. */
  unseenFreeKib: number;
  readonly #entry: Plain;

  constructor(entry: Plain) {
    this.#entry = entry;
    this.actualKib = numberAt("dom0_actual_kib", entry.dom0_actual_kib);
    this.unseenFreeKib = numberAt("free_kib", entry.free_kib);
    this.totalKib = this.actualKib + this.unseenFreeKib;
    this.store.introduce(0);
    this.store.write(0, "memory/target", String(numberAt("dom0_target_kib", entry.dom0_target_kib)));
  }

  get freeKib(): number {
    this.looks.push([this.nowMs, this.unseenFreeKib, this.actualKib, this.targetKib]);
    return this.unseenFreeKib;
  }

  get targetKib(): number {
    return Number(this.store.read(0, "memory/target"));
  }

  domains(): readonly Domain[] {
    return [{ domid: 0, type: "pv", totKib: this.actualKib, maxmemKib: Number.POSITIVE_INFINITY, shadowKib: 0 }];
  }

  domain(domid: number): Domain | undefined {
    return this.domains().find((domain) => domain.domid === domid);
  }

  setMaxmem(): void {}

  explain(): void {}

  log(): void {}

  /** Runs a task to its end; its waits move dom0. */
  drive<T>(task: Task<T>): T {
    for (;;) {
      const step = task.next(null);
      if (step.done) return step.value;
      for (const endMs = this.nowMs + step.value.ms; this.nowMs < endMs; ) this.#tick();
    }
  }

  #tick(): void {
    const at = (field: string): number => numberAt(field, this.#entry[field]);
    const goalKib = Math.max(this.targetKib, at("floor_kib"));
    const mostKib = pagesATick(at("rate_kib_per_s"));
    this.#moveDom0(Math.max(-mostKib, Math.min(mostKib, goalKib - this.actualKib)));
    const { leak_kib_per_s: leak = 0, drift_kib_per_s: drift = 0, drift_from_s: from, drift_to_s: to } = this.#entry;
    this.unseenFreeKib -= Math.min(this.unseenFreeKib, pagesATick(numberAt("leak_kib_per_s", leak)));
    const startS = this.nowMs / 1000;
    const drifts = typeof from === "number" && from <= startS && (typeof to !== "number" || startS < to);
    if (drifts) this.#moveDom0(pagesATick(drift as number));
    this.nowMs += TICK_MS;
  }

  /** Moves dom0 by so much; what it takes is cut to what is free. */
  #moveDom0(byKib: number): void {
    const movedKib = Math.min(byKib, this.unseenFreeKib);
    this.actualKib += movedKib;
    this.unseenFreeKib -= movedKib;
  }
}

/** A tick's part of a rate, in whole pages. */
function pagesATick(kibPerS: number): number {
  return Math.sign(kibPerS) * wholePages(Math.trunc(Math.abs(kibPerS) / 10));
}
