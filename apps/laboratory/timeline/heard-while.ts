/** Keeps from an observer what is not for it: operations of the past that are done again are no news. */
import type { GuestObserver } from "xen-balloon/core";

/** Every method: one that is missing here, or is none, is a compile error. */
const METHODS: { readonly [Name in keyof GuestObserver]-?: true } = {
  beforeMemoryOp: true,
  afterMemoryOp: true,
  vaMapping: true,
  ran: true,
  logged: true,
  ended: true,
};

/** An observer that hears what `observer` would, while `heard` says so. */
export function heardWhile(observer: GuestObserver, heard: () => boolean): GuestObserver {
  const passed: Record<string, unknown> = {};
  for (const name of Object.keys(METHODS) as (keyof GuestObserver)[]) {
    const method = observer[name] as ((...args: unknown[]) => void) | undefined;
    // a method that is left out costs a batch nothing
    if (method === undefined) continue;
    passed[name] = (...args: unknown[]) => {
      if (heard()) method.apply(observer, args);
    };
  }
  return passed;
}
