/** A domain as qmemman sees it, and the memory that it prefers to have (qubes/qmemman/algo.py). Sizes are in bytes. */
import { MIB } from "./constants.js";

/** The figures on which a balance is computed. */
export interface BalancedDomain {
  /** 0 is dom0. */
  readonly domid: number;
  /** Memory that it reported; null until it has, and after a report that cannot be read. */
  readonly usedBytes: number | null;
  readonly maxBytes: number;
  /** Memory that it has or may take: the greater of what Xen counts and its last target. */
  readonly actualBytes: number;
  /** It gave nothing back when it was told to, and is left out. */
  readonly noProgress: boolean;
}

/** A target for a domain. */
export interface Target<D> {
  readonly domain: D;
  readonly bytes: number;
}

const CACHE_FACTOR = 1.3;
const LEAST_PREFERRED_BYTES = 200 * MIB;
const DOM0_BOOST_BYTES = 350 * MIB;

/** Reads memory/meminfo, which is in KiB. Returns bytes, null for anything but digits. */
export function parseMeminfo(text: string): number | null {
  return /^[0-9]+$/.test(text) ? Number(text) * 1024 : null;
}

/** Tells whether a domain takes part in a balance: then its preference is known. */
export function takesPart(domain: BalancedDomain): boolean {
  return domain.usedBytes !== null && !domain.noProgress;
}

/** The memory that a domain would like to have, whatever its maximum is. @throws TypeError - it has not reported */
export function wishedBytes({ domid, usedBytes }: BalancedDomain): number {
  if (usedBytes === null) throw new TypeError(`domain ${domid}: expected one that has reported`);
  return usedBytes * CACHE_FACTOR + (domid === 0 ? DOM0_BOOST_BYTES : 0);
}

/** The memory that a domain prefers to have. @throws TypeError - it has not reported */
export function preferredBytes(domain: BalancedDomain): number {
  const bytes = Math.min(wishedBytes(domain), domain.maxBytes);
  return Math.trunc(domain.domid === 0 ? bytes : Math.max(bytes, LEAST_PREFERRED_BYTES));
}

/** The memory that a domain lacks; below 0: its surplus. @throws TypeError - it has not reported */
export function neededBytes(domain: BalancedDomain): number {
  return preferredBytes(domain) - domain.actualBytes;
}
