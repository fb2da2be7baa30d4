/** Written by test/host/options.test.ts from the table in faults.ts: change that, then run it with -u. */

/** An answer for the next calls of a kind. */
export interface FaultAnswer {
  /** The answer of these calls: 0 for success or for nothing done, a negative number for an error. */
  readonly rc: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** A limit for the next calls of a kind. */
export interface FaultLimit {
  /** The most extents each call does, 0 to 2^32 - 1. */
  readonly extents: number;
  /** The number of calls it applies to, 0 to 2^32 - 1. */
  readonly times: number;
}

/** Faults to inject. Each replaces the earlier fault of its kind; an omitted kind keeps its earlier fault. */
export interface Faults {
  /** The next `times` calls of populate_physmap answer `rc` and do nothing. Range of `rc`: -2^31 to 0. */
  readonly populate?: FaultAnswer;
  /**
   * The next `times` calls of populate_physmap do at most `extents` extents; one that fails does not count. Range of
   * `extents`: 0 to 2^32 - 1.
   */
  readonly partial?: FaultLimit;
  /**
   * The next `times` calls of decrease_reservation answer `rc` and do nothing: a BUG, unless it is the count asked for.
   * Range of `rc`: -2^31 to 2^31 - 1.
   */
  readonly decrease?: FaultAnswer;
  /**
   * The next `times` calls of update_va_mapping answer `rc` and do nothing: a BUG. Range of `rc`: -2^31 to 2^31 - 1 but
   * 0.
   */
  readonly vaMapping?: FaultAnswer;
  /**
   * The next `times` calls of add_memory answer `rc` and do nothing. Nothing else makes it fail below the limit of
   * hotplug: no range is ever in the way (-17). Range of `rc`: -2^31 to 2^31 - 1.
   */
  readonly addMemory?: FaultAnswer;
  /**
   * The next `times` searches for a range of addresses for new memory fail with `rc`. (Driver `modern` alone.) Range of
   * `rc`: -2^31 to -1.
   */
  readonly resource?: FaultAnswer;
  /**
   * The next `times` preparations of the P2M for new memory fail with `rc`, in a pv guest. (Driver `modern` alone.)
   * Range of `rc`: -2^31 to -1.
   */
  readonly setP2m?: FaultAnswer;
  /**
   * The next `times` preparations of the P2M for a page that is lent fail with `rc`, in a pv guest. (Driver `modern`
   * alone.) Range of `rc`: -2^31 to -1.
   */
  readonly allocP2m?: FaultAnswer;
}

/** The operation of each kind in scripts. */
export interface FaultOperations {
  readonly populate: "fail populate";
  readonly partial: "partial";
  readonly decrease: "fail decrease";
  readonly vaMapping: "fail va";
  readonly addMemory: "fail add_memory";
  readonly resource: "fail resource";
  readonly setP2m: "fail set_p2m";
  readonly allocP2m: "fail alloc_p2m";
}
