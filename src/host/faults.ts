/** The faults that can be injected, each declared once. The API, scripts and their help derive from this table. */
import type { FaultOperations } from "./fault-types.js";
import type { OfGeneration } from "./generation.js";
import { I32_MAX, I32_MIN, U32_MAX } from "./integers.js";

/** A kind of fault. */
export interface FaultKind extends OfGeneration {
  /** Its operation in scripts. */
  readonly operation: string;
  /** The number that it takes besides `times`: the answer of a call, or the most extents that a call does. */
  readonly amount: "rc" | "extents";
  /** Completes "expected …". */
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  /** A number of the range that would be no fault. */
  readonly except?: number;
  /** Its effect, in a sentence with the names of its numbers. */
  readonly sentence: string;
  /** An example in a script. */
  readonly example: string;
}

/** The API name of a kind of fault. */
export type FaultName = keyof FaultOperations;

/** The kinds by API name. The first four are answers of Xen, which the shim gives (hypercall.ts). */
export const FAULTS: {
  readonly [Name in FaultName]: FaultKind & { readonly operation: FaultOperations[Name] };
} = {
  populate: {
    operation: "fail populate",
    amount: "rc",
    unit: "an answer",
    from: I32_MIN,
    to: 0,
    sentence: "The next `times` calls of populate_physmap answer `rc` and do nothing.",
    example: "fail populate 0 3",
  },
  partial: {
    operation: "partial",
    amount: "extents",
    unit: "extents",
    from: 0,
    to: U32_MAX,
    sentence: "The next `times` calls of populate_physmap do at most `extents` extents; one that fails does not count.",
    example: "partial 100 1000",
  },
  decrease: {
    operation: "fail decrease",
    amount: "rc",
    unit: "an answer",
    from: I32_MIN,
    to: I32_MAX,
    sentence:
      "The next `times` calls of decrease_reservation answer `rc` and do nothing: a BUG, unless it is the count asked for.",
    example: "fail decrease -1 1",
  },
  vaMapping: {
    operation: "fail va",
    amount: "rc",
    unit: "an answer",
    from: I32_MIN,
    to: I32_MAX,
    except: 0,
    sentence: "The next `times` calls of update_va_mapping answer `rc` and do nothing: a BUG.",
    example: "fail va -22 1",
  },
  addMemory: {
    operation: "fail add_memory",
    amount: "rc",
    unit: "an answer",
    from: I32_MIN,
    to: I32_MAX,
    sentence:
      "The next `times` calls of add_memory answer `rc` and do nothing. Nothing else makes it fail below the limit of hotplug: no range is ever in the way (-17).",
    example: "fail add_memory -17 1",
  },
  resource: {
    operation: "fail resource",
    amount: "rc",
    unit: "an error number",
    from: I32_MIN,
    to: -1,
    generation: "modern",
    sentence: "The next `times` searches for a range of addresses for new memory fail with `rc`.",
    example: "fail resource -16 1",
  },
  setP2m: {
    operation: "fail set_p2m",
    amount: "rc",
    unit: "an error number",
    from: I32_MIN,
    to: -1,
    generation: "modern",
    sentence: "The next `times` preparations of the P2M for new memory fail with `rc`, in a pv guest.",
    example: "fail set_p2m -12 1",
  },
  allocP2m: {
    operation: "fail alloc_p2m",
    amount: "rc",
    unit: "an error number",
    from: I32_MIN,
    to: -1,
    generation: "modern",
    sentence: "The next `times` preparations of the P2M for a page that is lent fail with `rc`, in a pv guest.",
    example: "fail alloc_p2m -12 1",
  },
};

/** A fault that waits for its calls: the next `times` of them get `amount`. */
export interface Fault {
  amount: number;
  times: number;
}

/** A fault of the guest's kernel, which the driver meets by itself. */
export type KernelFault = "addMemory" | "resource" | "setP2m" | "allocP2m";

/** An answer of Xen, which the shim gives (hypercall.ts). */
export type HypercallFault = Exclude<FaultName, KernelFault>;
