/**
 * The contents that the settings of a study name: demands, scripts, builds and commands. Each is read once, since it may
 * change while the study runs, and hashed, so that a report can be cited.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { messageOf } from "xen-balloon/core";
import type { DemandColumns } from "../demand/columns.js";
import type { DemandSeries } from "../demand/series.js";
import { hashOfBuild } from "./builds.js";
import { guestNamed, type ReadDemand } from "./demand-files.js";
import { NamedContents } from "./named-contents.js";
import type { Planned } from "./plan.js";
import { isInline, isScript, nameOfScript, substitute } from "./script.js";
import { SettingsError } from "./settings-error.js";
import { NATIVE, type Settings } from "./study.js";

/** Finds and reads what a study names. */
export interface StudyFiles {
  readonly readDemand: ReadDemand;
  readonly readScript: (file: string) => string;
  /** The path of a file that a command names. */
  readonly pathOf: (name: string) => string;
  /** The folder of a build, which is named by a folder or a tarball. */
  readonly buildFolderOf: (name: string) => string;
}

/** Another build: its folder, and the hash of what it may run. */
export interface Build {
  readonly folder: string;
  readonly sha256: string;
}

/** A command. */
export interface NativeCommand {
  /** Its words, files with their full paths. */
  readonly words: readonly string[];
  /** Its words, with the hash of each file in place of its name. */
  readonly identity: string;
}

export class Contents extends NamedContents {
  readonly #files: StudyFiles;
  readonly #scripts = new Map<string, string>();
  readonly #builds = new Map<string, Build>();
  readonly #commands = new Map<string, NativeCommand>();

  constructor(files: StudyFiles, columns: DemandColumns) {
    super(files.readDemand, columns);
    this.#files = files;
  }

  /**
   * The demand of a case; null where it replays none.
   *
   * @throws SettingsError: it cannot be read, or has no such guest
   */
  demandOf({ demand, vm }: Settings): DemandSeries | null {
    if (demand === undefined) return null;
    const guests = attempt("demand", () => this.guestsOf(demand));
    return attempt("vm", () => guestNamed(guests, vm));
  }

  /**
   * The script of a case, its names substituted; undefined where its workload is none.
   *
   * @throws SettingsError: it cannot be read; as substitute
   */
  scriptOf({ settings, levels, seed }: Planned): string | undefined {
    const { workload } = settings;
    if (workload === undefined || !isScript(workload)) return undefined;
    const text = isInline(workload) ? workload : this.#readScript(workload);
    return substitute(nameOfScript(workload), text, { ...levels, ...settings, seed });
  }

  /**
   * The build that runs a case; undefined where it is this one.
   *
   * @throws SettingsError: there is none
   */
  buildOf({ build: name }: Settings): Build | undefined {
    if (name === undefined) return undefined;
    const build = attempt("build", () =>
      once(this.#builds, name, () => {
        const folder = this.#files.buildFolderOf(name);
        return { folder, sha256: hashOfBuild(folder) };
      }),
    );
    this.note("build", name, build.sha256);
    return build;
  }

  /**
   * The command that runs a case; undefined where an engine does.
   *
   * @throws SettingsError: there is no such program
   */
  commandOf({ engine, native }: Settings): NativeCommand | undefined {
    if (engine !== NATIVE || native === undefined) return undefined;
    return attempt("native", () => once(this.#commands, native, () => this.#readCommand(native)));
  }

  #readScript(file: string): string {
    const text = attempt("workload", () => once(this.#scripts, file, () => this.#files.readScript(file)));
    this.note("script", file, sha256(text));
    return text;
  }

  #readCommand(native: string): NativeCommand {
    const [program, ...words] = native.split(" ");
    const file = program.includes("/") ? this.#files.pathOf(program) : onPath(program);
    if (file === undefined || !isFile(file)) throw new Error(`expected a program, got ${program}: no such file`);
    const named = [
      { word: program, path: file },
      ...words.map((word) => ({ word, path: word === "" ? word : this.#files.pathOf(word) })),
    ].map(({ word, path }) => (isFile(path) ? { word, path, hash: sha256(readFileSync(path)) } : { word, path: word }));
    for (const { word, hash } of named) if (hash !== undefined) this.note("native", word, hash);
    return {
      words: named.map(({ path }) => path),
      identity: named.map(({ word, hash = word }) => hash).join(" "),
    };
  }
}

/** Hashes a text, in UTF-8, or bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function once<T>(known: Map<string, T>, name: string, read: () => T): T {
  const value = known.get(name) ?? read();
  known.set(name, value);
  return value;
}

function attempt<T>(key: keyof Settings, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingsError(key, messageOf(error));
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Finds a program as the system does. */
function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
