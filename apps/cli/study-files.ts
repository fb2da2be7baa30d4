/** Finds and opens studies and their demand. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { DemandColumns } from "../demand/columns.js";
import { DemandError } from "../demand/demand-error.js";
import { readDemand } from "../demand/read.js";
import type { BuildFolders } from "../study/builds.js";
import { type StudyFiles, sha256 } from "../study/contents.js";
import type { DemandFile } from "../study/demand-files.js";
import { type LoadedStudy, loadStudy } from "../study/load.js";
import { StudyError } from "../study/source.js";
import { Failure, nameOf, readText, STANDARD_INPUT } from "./failure.js";

const READY = fileURLToPath(new URL("../../studies", import.meta.url));

/** The names of the studies that come with the package. */
export function readyStudies(): string[] {
  return readdirSync(READY)
    .filter((file) => extname(file) === ".yaml")
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * @param study - a file, or the name of a ready-made study.
 * @param demand - a demand file in place of the study's, relative to here; `-` for standard input.
 * @param builds - finds the folders of builds; its owner removes those that were unpacked.
 * @throws Failure that names the file and its first wrong line
 */
export function openStudy(study: string, demand: string | undefined, builds: BuildFolders): LoadedStudy {
  const ready = join(READY, `${study}.yaml`);
  const isReady = !existsSync(study) && readyStudies().includes(study);
  const file = isReady ? ready : study;
  if (!isReady && !existsSync(file)) {
    throw new Failure(`${study}: no such file, and no study of that name; there are ${readyStudies().join(", ")}`);
  }
  try {
    const given = { name: basename(file, extname(file)), demand: demand && pathOf(".", demand) };
    const beside = (name: string): string => resolve(dirname(file), name);
    const files: StudyFiles = {
      readDemand: (name, columns) => demandOf(pathOf(dirname(file), name), columns),
      readScript: (name) => readText(beside(name)),
      pathOf: beside,
      buildFolderOf: (name) => builds.of(beside(name)),
    };
    return loadStudy(readText(file), given, files);
  } catch (error) {
    // the option replaces the demand, so that no line of the study names it
    if (error instanceof StudyError && error.field === "base.demand" && demand !== undefined) {
      throw new Failure(`--demand: ${error.problem.replace(/^demand: /, "")}`, { cause: error });
    }
    if (error instanceof StudyError) throw new Failure(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The path of a demand file; standard input has none. */
export function pathOf(folder: string, file: string): string {
  return file === STANDARD_INPUT ? file : resolve(folder, file);
}

/**
 * Reads a demand file.
 *
 * @throws Failure that names the file and its first wrong line
 */
export function demandOf(file: string, columns: DemandColumns): DemandFile {
  try {
    const text = readText(file);
    const demand = readDemand(text, columns);
    return { ...demand, reading: `${nameOf(file)}: ${demand.reading}`, sha256: sha256(text) };
  } catch (error) {
    if (error instanceof DemandError) throw new Failure(`${nameOf(file)}: ${error.message}`, { cause: error });
    throw error;
  }
}
