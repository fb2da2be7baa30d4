/**
 * Which JavaScript runtime this is, and whether it is new enough. A runtime of years ago must be able to read this file
 * and run it: it has no syntax and no import that Node 12 does not know.
 */
import { OLDEST_NODE } from "../generated/build.js";

/** The runtime and what compiles its code, each with its version. */
export interface Runtime {
  /** `Node 20.20.2`, `Bun 1.4.5` or `Deno 2.9.6`. */
  readonly runtime: string;
  /** `V8 11.3.244.8-node.38`, or the revision of `JavaScriptCore`. */
  readonly compiler: string;
}

/** Bun and Deno say in `node` and `v8` which Node they act as: what they are themselves stands beside it. */
export function thisRuntime(): Runtime {
  const { bun, deno, node, v8, webkit } = process.versions as Readonly<Record<string, string | undefined>>;
  return {
    runtime: bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`,
    compiler: bun ? `JavaScriptCore ${webkit}` : `V8 ${v8}`,
  };
}

/** @throws Error in one line: this runtime, or the Node that it acts as, is older than the package can use. */
export function requireRuntime(): void {
  const has = process.versions.node.split(".").map(Number);
  const needs = OLDEST_NODE.split(".").map(Number);
  const differs = needs.findIndex((number, i) => number !== has[i]);
  if (differs >= 0 && has[differs] < needs[differs]) {
    const acting = process.versions.bun || process.versions.deno ? `, acting as Node ${process.versions.node}` : "";
    throw new Error(`xen-balloon needs Node ${OLDEST_NODE} or newer, got ${thisRuntime().runtime}${acting}`);
  }
}
