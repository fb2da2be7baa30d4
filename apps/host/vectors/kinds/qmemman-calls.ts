/** Single calls of qmemman's algorithm. Sizes are in bytes. */
import {
  type BalancedDomain,
  balance,
  balanceEnough,
  balloon,
  neededBytes,
  parseMeminfo,
  preferredBytes,
  sumUp,
  type Target,
} from "xen-balloon/core";
import { listAt, numberAt, objectAt, type Plain, textAt } from "../../../shape.js";
import { type Difference, differences, type VectorKind } from "../kind.js";
import { domidAt } from "../trajectory.js";

/** The functions by their names: each answers a case from its fields. */
const FUNCTIONS: Readonly<Record<string, (entry: Plain) => Plain>> = {
  sanitize_and_parse_meminfo: ({ input }) => ({ result: parseMeminfo(textAt("input", input)) }),

  pref_mem: ({ domain }) => {
    const read = domainAt("domain", domain);
    return { result: preferredBytes(read), needed_mem: neededBytes(read) };
  },

  balloon: ({ mem_size, domains }) => ({
    result: written(balloon(signedAt("mem_size", mem_size), domainsAt(domains))),
  }),

  balance_when_enough_mem: ({ total_mem_pref, total_available_mem, domains }) => ({
    result: written(
      balanceEnough(
        domainsAt(domains),
        numberAt("total_mem_pref", total_mem_pref),
        numberAt("total_available_mem", total_available_mem),
      ),
    ),
  }),

  balance: ({ xen_free_mem, domains }) => {
    const read = domainsAt(domains);
    const freeBytes = signedAt("xen_free_mem", xen_free_mem);
    const sums = sumUp(freeBytes, read);
    return {
      total_available_mem: sums.availableBytes,
      total_mem_pref: sums.preferredBytes,
      total_mem_pref_acceptors: sums.acceptorsPreferredBytes,
      donors: sums.donors.map(nameOf),
      acceptors: sums.acceptors.map(nameOf),
      branch: sums.availableBytes > 0 ? "enough" : "low",
      result: written(balance(freeBytes, read, sums)),
    };
  },
};

export const qmemmanCalls: VectorKind = {
  policy: "qmemman",
  knows: ({ fn }) => typeof fn === "string" && Object.hasOwn(FUNCTIONS, fn),

  run(entry): readonly Difference[] {
    const answer = FUNCTIONS[textAt("fn", entry.fn)]?.(entry) ?? {};
    // the sums beside a result are not in all cases
    const fields = Object.keys(answer).filter((field) => field === "result" || field in entry);
    return fields.flatMap((field) => differences(field, entry[field], answer[field]));
  },
};

const nameOf = ({ domid }: BalancedDomain): string => String(domid);

const written = (targets: readonly Target<BalancedDomain>[]): unknown[] =>
  targets.map(({ domain, bytes }) => [nameOf(domain), bytes]);

function signedAt(path: string, value: unknown): number {
  return typeof value === "number" && value < 0 ? value : numberAt(path, value);
}

function domainsAt(value: unknown): readonly BalancedDomain[] {
  return listAt("domains", value, "domains").map((domain, index) => domainAt(`domains[${index}]`, domain));
}

function domainAt(path: string, value: unknown): BalancedDomain {
  const { domid, mem_used, mem_max, mem_actual, no_progress } = objectAt(path, value);
  return {
    domid: domidAt(path, domid),
    usedBytes: mem_used === null ? null : numberAt(path, mem_used),
    maxBytes: numberAt(path, mem_max),
    actualBytes: numberAt(path, mem_actual),
    noProgress: no_progress === true,
  };
}
