/** The parts of a guest on the reference engine that its driver works with, and what the guest asks of its driver. */
import type { Driver2013, DriverStats, GuestConfig, GuestState, Kernel, ModernDriver } from "../host/backend.js";
import type { Fault, KernelFault } from "../host/faults.js";
import type { Hypercalls } from "../host/hypercall.js";
import type { Saved } from "../host/saved.js";
import type { TunableField } from "../host/stats-types.js";
import type { Pages } from "../host/units.js";
import type { MemoryHotplug } from "./memory-hotplug.js";
import type { PhysToMachine } from "./p2m.js";
import type { PageAllocator } from "./page-allocator.js";
import type { PageList } from "./page-list.js";
import type { GuestPages } from "./pages.js";

/** The parts that every generation of the driver works with. */
export interface DriverParts {
  readonly config: GuestConfig;
  readonly kernel: Kernel;
  readonly pages: GuestPages;
  readonly memory: MemoryHotplug;
  readonly allocator: PageAllocator;
  readonly p2m: PhysToMachine;
  readonly hypercalls: Hypercalls;
  readonly frameList: Uint32Array;
}

/** The figures of a guest that its driver knows. */
export type DriverFigures = Pick<GuestState, "creditPages" | "onlineFrom" | "availablePages" | "offlinePages">;

/** A driver of either generation, as its guest sees it (GuestBackend). */
export interface ReferenceDriver {
  /** The calls of its generation. */
  readonly calls: Driver2013 | ModernDriver;
  /** ballooned_pages. */
  readonly list: PageList;
  /** Injected faults that this driver meets in calls of its kernel, besides add_memory. */
  readonly faults: Readonly<Partial<Record<KernelFault, Fault>>>;
  init(): number;
  setTarget(pages: Pages): void;
  tune(field: TunableField, value: number): void;
  online(sections: number): void;
  stats(): DriverStats;
  figures(): DriverFigures;
  /** Saves the state of the driver; the parts that it works with save theirs. */
  save(): Saved;
}
