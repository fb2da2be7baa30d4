/**
 * The conditions that a case sets besides the options of guest and machine: the driver's tunables, faults of the
 * hypervisor, and others who use the guest's memory or the host's.
 */
import { type GuestConfig, OPERATIONS, TUNABLES, type Tunables, U32_MAX } from "xen-balloon/core";
import type { Moves, Subject } from "./workloads.js";

/** Each is left out where nothing is set. */
/** Fields of balloon_stats that a user may set, whatever the driver. */
type SetFields = Pick<Tunables, "maxScheduleDelaySeconds" | "maxRetryCount">;

const SET_FIELDS = TUNABLES.filter(({ form }) => form === "number");

export interface Conditions extends SetFields {
  readonly grantedPages?: number;
  readonly refusedCalls?: number;
  readonly guestUsedPages?: number;
  readonly hostTakenPages?: number;
  readonly hostReturnSeconds?: number;
}

interface Declared {
  readonly sentence: string;
  readonly from: number;
  readonly to: number;
  /** True where a replay cannot have it: it belongs to the passes of a workload. */
  readonly isOfWorkload: boolean;
}

/** In how many parts others give frames back. */
const PARTS = 60;

/** The conditions by name. */
export const CONDITIONS: { readonly [Name in keyof Conditions]-?: Declared } = {
  ...tunableConditions(),
  grantedPages: {
    sentence: `The most pages that Xen grants a call. (${OPERATIONS.partial.does})`,
    from: 1,
    to: U32_MAX,
    isOfWorkload: false,
  },
  refusedCalls: {
    sentence: `How many calls for frames Xen refuses with -ENOMEM, at the start of each pass. (${OPERATIONS["fail populate"].does})`,
    from: 0,
    to: U32_MAX,
    isOfWorkload: true,
  },
  guestUsedPages: {
    sentence: `Pages that programs of the guest hold, or as many as are free. (${OPERATIONS.guest_alloc.does})`,
    from: 0,
    to: U32_MAX,
    isOfWorkload: true,
  },
  hostTakenPages: {
    sentence: `Frames that other domains take when the guest has given pages up, or as many as are free. (${OPERATIONS.host_take.does})`,
    from: 0,
    to: U32_MAX,
    isOfWorkload: true,
  },
  hostReturnSeconds: {
    sentence: `The virtual time over which other domains give back hostTakenPages, in ${PARTS} equal parts; left out: they keep them. (${OPERATIONS.host_give.does})`,
    from: 1,
    to: 31_536_000,
    isOfWorkload: true,
  },
};

/** The answer of Xen to a call that it has no frames for, and of the driver to a loan that it has no pages for. */
export const ENOMEM = -12;

function tunableConditions(): Record<keyof SetFields, Declared> {
  const entries = SET_FIELDS.map(({ name, field, from, sentence }) => [
    name,
    { sentence: `balloon_stats.${field}. ${sentence}`, from, to: 2 ** 31 - 1, isOfWorkload: false },
  ]);
  return Object.fromEntries(entries);
}

/** The times of a fault that does not end. */
const ALWAYS = Number.POSITIVE_INFINITY;

/** Sets what holds from boot on. */
export function setConditions({ guest }: Pick<Subject, "guest">, conditions: Conditions): void {
  const { grantedPages } = conditions;
  for (const { name, field } of SET_FIELDS) {
    const value = conditions[name as keyof SetFields];
    if (value !== undefined) guest.enter((backend) => backend.tune(field, value));
  }
  if (grantedPages !== undefined) guest.inject("partial", grantedPages, ALWAYS);
}

/**
 * Puts a workload under the conditions of each pass.
 *
 * @param settleLimitMs - how long the guest has to come in again.
 */
export function underConditions(
  moves: Moves,
  conditions: Conditions,
  { maxPfn }: GuestConfig,
  settleLimitMs: number,
): Moves {
  const { refusedCalls, guestUsedPages = 0, hostTakenPages = 0, hostReturnSeconds } = conditions;
  let taken: Uint32Array = new Uint32Array(0);
  return {
    ...moves,
    prepare(subject) {
      moves.prepare?.(subject);
      if (guestUsedPages > 0) subject.guest.allocPages(guestUsedPages, true);
    },
    out(subject) {
      if (refusedCalls !== undefined) subject.guest.inject("populate", ENOMEM, refusedCalls);
      moves.out(subject);
    },
    turn(subject) {
      moves.turn?.(subject);
      if (hostTakenPages === 0) return;
      const { machine } = subject;
      taken = machine.takeFrames(Math.min(hostTakenPages, machine.freeFrames()));
    },
    in(subject) {
      if (taken.length === 0) return moves.in(subject);
      // one target for the whole way: another would make a driver that has given up try again
      subject.guest.setTarget(maxPfn);
      const returnMs = (hostReturnSeconds ?? 0) * 1000;
      for (let part = 0; part < PARTS && returnMs > 0; part++) {
        subject.advance(returnMs / PARTS);
        const [from, to] = [part, part + 1].map((parts) => Math.round((taken.length * parts) / PARTS));
        subject.machine.putFrames(taken.subarray(from, to));
      }
      subject.advance(settleLimitMs);
    },
  };
}
