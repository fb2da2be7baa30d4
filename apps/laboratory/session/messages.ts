/** The state, answers and errors of the engine's worker, as they are sent to the page. */
import {
  type Census,
  type DriverStats,
  type ErrorTypes,
  type GuestState,
  type PageState,
  ScriptError,
} from "xen-balloon/core";

/** The classes that errors of the engine keep. */
export const ERRORS: ErrorTypes = [ScriptError];

/** The state that every message from the worker carries. */
export interface Standing {
  /** The virtual time, and the worker's due time, which is null while it is not pending. */
  readonly nowMs: number;
  readonly workDueMs: number | null;
  /** The BUG_ON that ended the guest. */
  readonly bug: string | null;
}

/** The guest and its machine at one moment, and what happened since the snapshot before. */
export interface Snapshot {
  /** The guest's state; null before a successful boot. */
  readonly now: Sample | null;
  readonly state: GuestState | null;
  readonly census: Census | null;
  /** Oldest first; the last is `now`. */
  readonly samples: readonly Sample[];
  readonly events: readonly LaboratoryEvent[];
  /** The BUG_ON that ended the guest. */
  readonly bug: string | null;
}

/** One moment of the curves. */
export interface Sample {
  /** Virtual time, and this page's (performance.now of the worker, on the page's time line). */
  readonly nowMs: number;
  readonly wallMs: number;
  readonly stats: DriverStats;
  readonly creditPages: number;
  readonly hostFreeFrames: number;
  /** The worker's due time; null while it is not pending. */
  readonly workDueMs: number | null;
}

/** An entry of the list of events. */
export type LaboratoryEvent = { readonly nowMs: number } & (
  | { readonly kind: "operation"; readonly line: string }
  /** `calls` memory_ops in a row that asked for as much and got as much; `why` a populate did less, if it did. */
  | {
      readonly kind: "populate" | "decrease";
      readonly askedExtents: number;
      readonly rc: number;
      readonly why: string | null;
      readonly calls: number;
    }
  | { readonly kind: "retry"; readonly dueMs: number; readonly retryCount: number }
  /** The last of so many tries failed. */
  | { readonly kind: "cancelled"; readonly tries: number }
  | { readonly kind: "hotplug"; readonly maxPfn: number }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "bug"; readonly condition: string }
);

/** One page. */
export interface PageDetail {
  readonly pfn: number;
  readonly state: PageState;
  /** Its P2M entry; null for none. A pv guest's ballooned page names the scratch page's frame. */
  readonly mfn: number | null;
}
