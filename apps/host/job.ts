/** The job of a case of a plan, which a thread or a worker on another machine runs. */
import type { HostGuest, HostOptions, HostOutcome } from "xen-balloon/toolstack";
import type { ExactRunner } from "../study/exact-job.js";
import type { PolicyFile } from "./policy-file.js";

/** Everything that a host's run depends on, apart from the build; plain JSON. */
export interface HostJob {
  /** The id of the case. */
  readonly id: string;
  readonly host: Omit<HostOptions, "policy"> & { readonly guests: readonly HostGuest[] };
  /** A name, or a module of the user's own. */
  readonly policy: string | PolicyFile;
}

/** Runs cases of plans. */
export type HostRunner = ExactRunner<HostJob, HostOutcome>;

/** A job with what the thread that runs it is asked for besides. */
export interface HostTask extends HostJob {
  /** The thread writes here how far it is (progress.ts). */
  readonly progress?: SharedArrayBuffer;
  /** `load`: the policy is loaded, and nothing runs. `log`: the policy's log is printed. Left out: the host runs. */
  readonly only?: "load" | "log";
}
