/** The policies by the names that a plan gives them, and modules of the user's own. */
import { pathToFileURL } from "node:url";
import { fits, keep, type Policy, qmemman, squeezed, xl } from "xen-balloon/toolstack";
import { type PolicyFile, requireSame, syntaxProblem } from "./policy-file.js";

/** Makes each policy that comes with the package, by name. */
const POLICIES: Readonly<Record<string, () => Policy>> = { squeezed, qmemman, xl, keep, fits };

/** Their names. */
export const POLICY_NAMES: readonly string[] = Object.keys(POLICIES);

/** Whether a policy is a module file rather than a name. */
export function isPolicyFile(policy: string): boolean {
  return /^\.{0,2}\/|\.m?js$/.test(policy);
}

/**
 * Makes a policy. One of the user's own is a module of this thread, with all that other cases left in it.
 *
 * @throws Error: a module is not what it was, cannot be loaded, or exports no run
 */
export async function makePolicy(policy: string | PolicyFile): Promise<Policy> {
  if (typeof policy === "string") return POLICIES[policy]();
  requireSame(policy);
  const loaded = await load(policy);
  if (typeof loaded.run !== "function") {
    const there = Object.keys(loaded).join(", ");
    throw new Error(`expected a module that exports run(xen), a generator, got ${there === "" ? "no exports" : there}`);
  }
  const run = loaded.run as Policy["run"];
  return {
    name: policy.name,
    run(xen) {
      const task: unknown = run(xen);
      if (isGenerator(task)) return task;
      throw new TypeError("run(xen): expected a generator, function*, that is not async");
    },
  };
}

async function load(policy: PolicyFile): Promise<{ readonly run?: unknown }> {
  try {
    return await import(pathToFileURL(policy.path).href);
  } catch (error) {
    const problem = error instanceof SyntaxError ? syntaxProblem(policy) : null;
    throw problem === null ? error : new Error(problem, { cause: error });
  }
}

function isGenerator(task: unknown): task is ReturnType<Policy["run"]> {
  return typeof task === "object" && task !== null && "next" in task && Symbol.iterator in task;
}
