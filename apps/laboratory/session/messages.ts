/** The state, answers and errors of the engine's worker, as they are sent to the page. */
import type { ThreadState } from "xen-balloon";
import {
  type Census,
  type DriverStats,
  type ErrorTypes,
  type FaultName,
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
  /** The guest as it stands; null before a successful boot and after a BUG_ON. */
  readonly now: Sample | null;
  /** The guest as it last stood while it lived; null before a successful boot. */
  readonly figures: Figures | null;
  readonly census: Census | null;
  /** The whole guest in few cells; null where it was not asked for, too. */
  readonly overview: Census | null;
  /** Oldest first. */
  readonly samples: readonly Sample[];
  readonly events: readonly LaboratoryEvent[];
  /** The BUG_ON that ended the guest. */
  readonly bug: string | null;
  /** True: the worker's last run gave up, with pages left to move. */
  readonly gaveUp: boolean;
  readonly playback: PlaybackState;
  readonly faults: FaultsState;
  /** Operations done so far, those of a hold among them. Time that passes counts when the next operation ends it. */
  readonly operations: number;
  /**
   * The last operation done, while the guest is in its past: `now`, `figures` and `census` are of that moment. Null: it is in
   * the present.
   */
  readonly past: { readonly line: string | null } | null;
  /** The time of the present, in ms. */
  readonly endMs: number;
}

/** The figures of a guest at one moment. */
export interface Figures {
  readonly now: Sample;
  readonly state: GuestState;
}

/** One moment of the curves. */
export interface Sample {
  /** Virtual time in ms, and real time in ms since the boot. */
  readonly nowMs: number;
  readonly wallMs: number;
  readonly stats: DriverStats;
  readonly creditPages: number;
  readonly hostFreeFrames: number;
  /** The worker's due time; null while it is not pending. */
  readonly workDueMs: number | null;
  /** The modern driver's thread; null with the driver of 2013. */
  readonly threadState: ThreadState | null;
  /** The number of the operation, from 0, after which it was taken; null between: after a run of the worker, or now. */
  readonly operation: number | null;
}

/** Lines of a script or rows of a series to be played. */
export interface Program {
  /** The name of its file, or another that a reader knows it by. */
  readonly name: string;
  readonly unit: "operation" | "row";
  /** The operations of each unit. */
  readonly items: readonly (readonly string[])[];
}

/** How time passes. */
export interface PlaybackState {
  readonly playing: boolean;
  /** Virtual ms in a real ms, measured over the last second or so; null while too little has passed to tell. */
  readonly trueSpeed: number | null;
  /** Why the run refused an operation of the last program, which stopped it. */
  readonly failure: string | null;
  /** The batches that a run has made which has stopped between two; null: none has. */
  readonly batches: number | null;
  /** The condition at which it has stopped. */
  readonly stoppedAt: string | null;
  /** The program under way or just done; null where there is none. */
  readonly program: {
    readonly name: string;
    readonly unit: Program["unit"];
    readonly done: number;
    readonly of: number;
  } | null;
}

/** A fault that holds until it is switched off: nobody has memory to spare. */
export type HoldName = "host" | "guest";

/** The faults that are on. */
export interface FaultsState {
  readonly holds: Readonly<Record<HoldName, boolean>>;
  /** The injected faults by name, with the calls that they still answer; a kind that waits for none is left out. */
  readonly injected: { readonly [Name in FaultName]?: { readonly amount: number; readonly times: number } };
  /** The CPU that the driver runs on. */
  readonly cpu: number;
}

/** An entry of the list of events. */
export type LaboratoryEvent = { readonly nowMs: number } & (
  | {
      readonly kind: "operation";
      readonly line: string;
      /** Above 0: pages that the guest got. */
      readonly movedPages: number;
      /** The outcome in the words of the command's account. */
      readonly came: readonly string[];
    }
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

/** The script of a guest: what was done, and what of a program is still to come. */
export interface ScriptRecord {
  /** The configuration and the operations done. */
  readonly done: string;
  /** The number of operations in it. */
  readonly operations: number;
  /** The lines still to come. */
  readonly rest: readonly string[];
}

/** All of it. */
export function textOf({ done, rest }: Pick<ScriptRecord, "done" | "rest">): string {
  return done + rest.map((line) => `${line}\n`).join("");
}

/** One page, and the pages around it that are like it. */
export interface PageDetail {
  readonly pfn: number;
  readonly state: PageState;
  /** The first and the last page around it that have its state without a break. */
  readonly first: number;
  readonly last: number;
  /** The table that has its entry: the guest's own of a pv guest, Xen's of an hvm guest. */
  readonly table: "P2M" | "physmap";
  /** Its entry; null for INVALID. */
  readonly mfn: number | null;
  /** The scratch page whose frame the entry names; null: it is on a frame of its own, or on none. */
  readonly scratchPfn: number | null;
  /** Null: the entries of its neighbours in the run do not go on with its own. */
  readonly frames: FrameRun | null;
}

/** Pages whose entries go on in one step. */
export interface FrameRun {
  readonly first: number;
  readonly last: number;
  /** The entry of the first; the rest follows from the step, or is as INVALID as that of the page. */
  readonly firstMfn: number;
  readonly step: -1 | 0 | 1;
  /** True: it may go on beyond them, where nobody has looked. */
  readonly further: boolean;
}
