/** Makes the guests of a plan from their text and the files that it names. */
import { fieldOf, type Path, type StudySource } from "../study/source.js";
import { type BootOfGuest, readBoot, sizeProblem } from "./boot-options.js";
import { at, type Demand, demandOfSeries, readDemandOf } from "./demand.js";
import type { NamedFiles } from "./files.js";
import type { GuestText, PlanGuest } from "./plan.js";
import { kibOf, kibOrPart, msOf, PAGE_KIB } from "./quantity.js";

/** A guest with its demand, and where the text has it. */
export interface FoundGuest {
  readonly guest: PlanGuest;
  readonly demand: Demand;
  readonly path: Path;
  /** The generation of its driver by its boot log; undefined where none tells. */
  readonly loggedDriver: BootOfGuest["driver"];
}

/** The name of the only guest of a demand file that names none. */
const UNNAMED = "unnamed";

/**
 * @param path - of the guest in the text.
 * @returns one guest, or all guests of a demand file.
 * @throws StudyError: the first thing that is wrong
 */
export function guestsOf(text: GuestText, path: Path, source: StudySource, files: NamedFiles): readonly FoundGuest[] {
  const { name, all, demand } = text;
  if (all !== undefined) {
    const other = (["name", "demand"] as const).find((key) => text[key] !== undefined);
    if (other !== undefined)
      throw source.error([...path, other], "all guests of a file have theirs from it: one must go");
    const series = at(source, [...path, "all"], () => files.guestsOf(all));
    return series.map((one) => {
      const found = demandOfSeries(one, series);
      return resolve(text, one.vm === "" ? UNNAMED : one.vm, found, path, source, files);
    });
  }
  if (name === undefined) throw source.error(path, "expected a key name, or all, got none");
  for (const key of ["memory", "demand"] as const) {
    if (text[key] === undefined) throw source.error(path, `expected a key ${key}, got none`);
  }
  const found = readDemandOf(demand ?? "", name, [...path, "demand"], source, files);
  return [resolve(text, name, found, path, source, files)];
}

function resolve(
  text: GuestText,
  name: string,
  demand: Demand,
  path: Path,
  source: StudySource,
  files: NamedFiles,
): FoundGuest {
  const field = <T>(key: keyof GuestText, read: (text: string) => T): T | undefined => {
    const value = text[key];
    return value === undefined ? undefined : at(source, [...path, key], () => read(String(value)));
  };
  // percentages are of what a file says was sold, or of memory where all are not taken from a file
  const sold = text.all === undefined ? null : demand.soldKib;
  const ofSold = (size: string): number =>
    kibOrPart(size, sold ?? memoryKib, sold === null ? "memory" : "what was sold");
  const memoryKib: number = (sold === null ? field("memory", kibOf) : field("memory", ofSold)) ?? sold ?? 0;
  const maximumKib = field("maximum", ofSold) ?? sold ?? memoryKib;
  const videoramKib = field("videoram", kibOf);
  const boot = field("bootLog", (file) => readBoot(files.bootLog(file), (memoryKib - (videoramKib ?? 0)) / PAGE_KIB));
  const [startMs, stopMs] = [field("start", msOf), field("stop", msOf)];
  const guest: PlanGuest = {
    name,
    type: text.type ?? boot?.type ?? "hvm",
    ...(text.driver !== undefined && { driver: text.driver }),
    memoryKib,
    minimumKib: field("minimum", ofSold) ?? 0,
    maximumKib,
    ...optional("videoramKib", videoramKib),
    ...optional("vcpus", text.vcpus),
    ...optional("startMs", startMs),
    ...optional("stopMs", stopMs),
    ...optional("balloons", text.balloons),
    ...optional("reports", text.reports),
    ...optional("boot", boot?.options),
  };
  if (boot !== undefined) {
    const isPv = guest.type === "pv";
    const problem =
      isPv === (boot.type === "pv")
        ? sizeProblem(boot, guest)
        : `it is of a guest of type ${boot.type}, and type is ${guest.type}`;
    if (problem !== null) throw source.error([...path, "bootLog"], problem);
  }
  if (stopMs !== undefined && stopMs <= (startMs ?? 0)) {
    throw source.error([...path, "stop"], `expected a time after its start, got ${text.stop}`);
  }
  return { guest, demand, path, loggedDriver: boot?.driver };
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: T });
}

/** Refuses two guests of one name. */
export function refuseNamesakes(found: readonly FoundGuest[], source: StudySource): void {
  const seen = new Map<string, Path>();
  for (const { guest, path } of found) {
    const other = seen.get(guest.name);
    if (other !== undefined) {
      throw source.error(path, `two guests are named ${guest.name}: the other is ${fieldOf(other)}`);
    }
    seen.set(guest.name, path);
  }
}
