/** The cases of a plan as the report of a host reads them. */
import type { HostGuest, HostOutcome, Pressure } from "xen-balloon/toolstack";

/** A plan of hosts that was run: what it asks, and what came of its cases. */
export interface RanPlan {
  readonly title: string;
  /** The question that it answers, in a sentence or two. */
  readonly question: string;
  /** Conclusions that it does not support, for its readers. */
  readonly doesNotShow: readonly string[];
  /** The author's own reading of the figures, paragraph by paragraph. */
  readonly reading: readonly string[];
  /** One or more, in the order of the plan. */
  readonly cases: readonly RanCase[];
  /** How each demand file was read, in a line each. */
  readonly readings: readonly string[];
  /** Statements that the plan hardly means, each with its line and field: the report shows them first. */
  readonly doubts: readonly string[];
  /** The recorded answers that each policy was compared with. */
  readonly vectors: readonly VectorCount[];
}

/** One combination of levels. */
export interface RanCase {
  /** Once in the plan. */
  readonly id: string;
  /** The label of its level, by factor; the same factors in every case. */
  readonly levels: Readonly<Record<string, string>>;
  /**
   * Names its curve: the policy, with the levels of all factors but the host's size and `usPerPage`, such as
   * `qmemman, driver modern`. Cases of one curve differ in these two alone.
   */
  readonly curve: string;
  readonly options: CaseOptions;
  /** Null where it could not be run. */
  readonly outcome: HostOutcome | null;
  /** Why it could not be run; null where it was. */
  readonly problem: string | null;
}

/** Why a case says nothing of its policy: it could not be run, or the policy failed on the way. Null of all others. */
export function failureOf({ problem, outcome }: RanCase): string | null {
  if (outcome === null) return problem ?? "no outcome";
  return outcome.policyFailure === null ? null : `${outcome.policyFailure}; the guests ran on without it`;
}

/** The host of a case. */
export interface CaseOptions {
  readonly totalKib: number;
  /** The guests, without their demand. */
  readonly guests: readonly Omit<HostGuest, "demand">[];
  readonly dom0?: Omit<HostGuest, "demand">;
  /** Every parameter, the defaults filled in. */
  readonly pressure: Required<Pressure>;
}

/** How many recorded answers of the real daemon a policy gives too. */
export interface VectorCount {
  readonly policy: string;
  readonly passed: number;
  readonly of: number;
}
