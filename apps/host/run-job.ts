/** Runs a case of a plan in this thread. */

import type { MachineFactory } from "xen-balloon/core";
import { Host, type HostListener } from "xen-balloon/core";
import type { HostOutcome } from "xen-balloon/toolstack";
import { machineFactory } from "../engines.js";
import type { HostJob } from "./job.js";
import { makePolicy } from "./policies.js";

/** The engine that this thread has compiled. */
let engine: Promise<MachineFactory> | undefined;

/** Who hears of a run. */
export interface RunHooks {
  /** The policy is about to decide, or has told a guest its target: its place in the plan, -1 for dom0. */
  readonly progress?: (nowMs: number, guest: number | null) => void;
  /** A line of the policy's log. */
  readonly logged?: (nowMs: number, line: string) => void;
}

/** @throws Error that says why the case cannot be run: a guest that does not boot, a policy that fails */
export async function runHostJob({ host: options, policy }: HostJob, hooks: RunHooks = {}): Promise<HostOutcome> {
  engine ??= machineFactory("wasm");
  const made = await makePolicy(policy);
  const places = new Map<number, number>();
  let [nowMs, told] = [0, ""];
  const listener: HostListener = {
    started: (name, domid) => {
      places.set(
        domid,
        options.guests.findIndex((guest) => guest.name === name),
      );
    },
    target: (name) => {
      told = name;
    },
    progress: (now, domid) => {
      nowMs = now;
      hooks.progress?.(now, domid === null ? null : (places.get(domid) ?? null));
    },
    logged: (line) => hooks.logged?.(nowMs, line),
  };
  const host = new Host(await engine, { ...options, policy: made }, listener);
  try {
    for (const _ of host.runUntil(options.spanMs as number));
    const outcome = host.outcome();
    if (outcome.policyFailure !== null) {
      const last = told === "" ? "it had told no guest a target" : `the last guest that it told a target was ${told}`;
      throw new Error(`the policy ${outcome.policyFailure}; ${last}`);
    }
    return outcome;
  } finally {
    host.close();
  }
}
