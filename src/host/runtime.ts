/**
 * Tells which JavaScript runtime this is, and checks that it is new enough. An old runtime must be able to read and run
 * this file, so the file has no syntax and no import that Node 12 does not know.
 */
import { OLDEST_NODE } from "../generated/build.js";

/** The runtime and its compiler, each with its version. */
export interface Runtime {
  /** `Node 20.20.2`, `Bun 1.4.5` or `Deno 2.9.6`. */
  readonly runtime: string;
  /** `V8 11.3.244.8-node.38`, or the revision of `JavaScriptCore`. */
  readonly compiler: string;
}

/**
 * Names this runtime. Bun and Deno report in `node` and `v8` the Node they imitate, so their own entries come first.
 */
export function thisRuntime(): Runtime {
  const { bun, deno, node, v8, webkit } = process.versions as Readonly<Record<string, string | undefined>>;
  return {
    runtime: bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`,
    compiler: bun ? `JavaScriptCore ${webkit}` : `V8 ${v8}`,
  };
}

/** @throws Error with a message of one line: this runtime, or the Node it imitates, is too old for the package. */
export function requireRuntime(): void {
  const has = process.versions.node.split(".").map(Number);
  const needs = OLDEST_NODE.split(".").map(Number);
  const differs = needs.findIndex((number, i) => number !== has[i]);
  if (differs >= 0 && has[differs] < needs[differs]) {
    const acting = process.versions.bun || process.versions.deno ? `, acting as Node ${process.versions.node}` : "";
    throw new Error(`xen-balloon needs Node ${OLDEST_NODE} or newer, got ${thisRuntime().runtime}${acting}`);
  }
}
