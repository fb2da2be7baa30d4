/** Finds and opens plans of hosts. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoadedPlan, loadPlan } from "../host/load.js";
import { StudyError } from "../study/source.js";
import { Failure, readBytes, readText } from "./failure.js";
import { demandOf, pathOf } from "./study-files.js";

const READY = fileURLToPath(new URL("../../studies/hosts", import.meta.url));

/** The names of the plans that come with the package. */
export function readyPlans(): string[] {
  return readdirSync(READY)
    .filter((file) => extname(file) === ".yaml")
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/** A plan with the name of its file. */
export interface OpenedPlan extends LoadedPlan {
  readonly file: string;
}

/**
 * @param plan - a file, or the name of a ready-made plan.
 * @throws Failure that names the file and its first wrong line
 */
export function openPlan(plan: string): OpenedPlan {
  const isReady = !existsSync(plan) && readyPlans().includes(plan);
  const file = isReady ? join(READY, `${plan}.yaml`) : plan;
  if (!isReady && !existsSync(file)) {
    throw new Failure(`${plan}: no such file, and no plan of that name; there are ${readyPlans().join(", ")}`);
  }
  const folder = dirname(file);
  const text = readText(file);
  return inFile(file, () => ({
    file,
    ...loadPlan(text, basename(file, extname(file)), {
      readDemand: (name, columns) => demandOf(pathOf(folder, name), columns),
      readBytes: (name) => readBytes(resolve(folder, name)),
      pathOf: (name) => resolve(folder, name),
    }),
  }));
}

/** Does something with a plan; an error of its text names the file. */
export function inFile<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof StudyError) throw new Failure(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
