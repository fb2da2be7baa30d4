/**
 * Reads the text of a plan, the same as `xen-balloon host` reads, as far as the laboratory can show it: one case, and
 * nothing that is in a file.
 */
import { ArgumentRangeError, ArgumentTypeError, checkHost, messageOf, problemOf } from "xen-balloon/core";
import type { DemandPoint, HostGuest, Pressure } from "xen-balloon/toolstack";
import { isSize, kibOf, kibOrPart, msOf, partOf, wholePages } from "../../host/quantity.js";
import { type Path, StudyError, StudySource } from "../../study/source.js";
import { guestsOf, POLICY_NAMES, type ShownPlan } from "./plan.js";
import { Fields } from "./plan-fields.js";

/** The version of the format. */
const FORMAT = "xen-balloon host 1";
/** More bars than this nobody can compare. */
const MOST_GUESTS = 16;
/** The name of the control domain, as Xen's tools have it. */
const DOM0 = "Domain-0";

const NO_FILES =
  "the laboratory reads no files: write the guest and its demand here, or run the plan by xen-balloon host";
const PLAN_KEYS = [
  "$schema",
  "format",
  "title",
  "question",
  "doesNotShow",
  "reading",
  "span",
  "base",
  "dom0",
  "guests",
];
const BASE_KEYS = ["size", "policy", "driver", "minimumScale", "pressure", "usPerPage"];
const DOM0_KEYS = [
  "memory",
  "minimum",
  "maximum",
  "videoram",
  "vcpus",
  "type",
  "driver",
  "demand",
  "balloons",
  "reports",
];
const GUEST_KEYS = ["name", ...DOM0_KEYS, "start", "stop"];
const PRESSURE_KEYS = ["shortage", "cacheShare", "pressShare", "swapPerSecond", "killAfter", "killShare"];
const REFUSED_OF_PLAN = {
  factors: "the laboratory shows one case: set one value of each factor in base, or run the plan by xen-balloon host",
  columns: NO_FILES,
};
const REFUSED_OF_GUEST = { all: NO_FILES, bootLog: NO_FILES };

/** The fields of the text by the options of a host that they set. */
const FIELDS: Readonly<Record<string, string>> = {
  memoryKib: "memory",
  minimumKib: "minimum",
  maximumKib: "maximum",
  videoramKib: "videoram",
};

/** @throws StudyError: the first thing that is wrong, with its line and field */
export function readPlan(text: string): ShownPlan {
  const source = new StudySource(text);
  const fields = new Fields(source, [], source.data, PLAN_KEYS, REFUSED_OF_PLAN);
  fields.choice("format", [FORMAT]);
  const base = new Fields(source, ["base"], fields.value("base"), BASE_KEYS);
  const settings: Settings = {
    driver: base.choice("driver", ["modern", "2013"], "modern"),
    minimumScale: base.number("minimumScale", 0, 1000, 1),
  };
  const list = fields.value("guests");
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_GUESTS) {
    const got = Array.isArray(list) ? `${list.length}` : "none";
    throw fields.error("guests", `expected a list of 1 to ${MOST_GUESTS} guests, got ${got}`);
  }
  const guests = list.map((value, i) => {
    const guest = new Fields(source, ["guests", i], value, GUEST_KEYS, REFUSED_OF_GUEST);
    return readGuest(guest, guest.read("name", nameOf), "hvm", settings, source);
  });
  const dom0 = fields.value("dom0");
  const plan: ShownPlan = {
    title: fields.text("title"),
    question: fields.text("question"),
    policy: base.choice("policy", POLICY_NAMES),
    host: {
      totalKib: base.read("size", kibOf),
      guests,
      ...(dom0 !== undefined && {
        dom0: readGuest(new Fields(source, ["dom0"], dom0, DOM0_KEYS, REFUSED_OF_GUEST), DOM0, "pv", settings, source),
      }),
      usPerPage: base.number("usPerPage", 0, 1_000_000, 4.3),
      pressure: readPressure(base, source),
      spanMs: fields.read("span", spanOf),
    },
  };
  refuseImpossible(plan, source);
  return plan;
}

interface Settings {
  readonly driver: HostGuest["driver"];
  readonly minimumScale: number;
}

function readGuest(
  fields: Fields,
  name: string,
  type: HostGuest["type"],
  { driver, minimumScale }: Settings,
  source: StudySource,
): HostGuest {
  const memoryKib = fields.read("memory", kibOf);
  const ofMemory = (text: string): number => kibOrPart(text, memoryKib, "memory");
  return {
    name,
    type: fields.choice("type", ["pv", "hvm", "pvh", "pv-in-pvh"], type),
    driver: fields.choice("driver", ["modern", "2013"], driver),
    memoryKib,
    minimumKib: wholePages(fields.read("minimum", ofMemory) * minimumScale),
    maximumKib: fields.readIfThere("maximum", ofMemory) ?? memoryKib,
    videoramKib: fields.readIfThere("videoram", kibOf) ?? 0,
    vcpus: fields.number("vcpus", 1, 4096, 1),
    demand: readDemand(fields, source),
    startMs: fields.readIfThere("start", msOf) ?? 0,
    ...(fields.has("stop") && { stopMs: fields.read("stop", msOf) }),
    balloons: fields.flag("balloons"),
    reports: fields.flag("reports"),
  };
}

/** A size that stays, or sizes by time. */
function readDemand(fields: Fields, source: StudySource): readonly DemandPoint[] {
  const value = fields.value("demand");
  if (typeof value !== "object" || value === null) {
    const usedKib = fields.read("demand", (text) => {
      if (!isSize(text)) throw new Error(NO_FILES);
      return kibOf(text);
    });
    return [{ timeMs: 0, usedKib }];
  }
  const path = [...fields.path, "demand"];
  const times = source.keysAt(path);
  const points = new Fields(source, path, value, times, { file: NO_FILES, vm: NO_FILES });
  return times.map((key) => {
    try {
      return { timeMs: msOf(key), usedKib: points.read(key, kibOf) };
    } catch (error) {
      throw error instanceof StudyError ? error : points.error(key, messageOf(error));
    }
  });
}

function readPressure(base: Fields, source: StudySource): Pressure {
  const shortages = ["waits", "swaps", "kills"] as const;
  const value = base.value("pressure");
  if (typeof value !== "object" || value === null) return { shortage: base.choice("pressure", shortages, "waits") };
  const fields = new Fields(source, ["base", "pressure"], value, PRESSURE_KEYS);
  const given = {
    cacheShare: fields.readIfThere("cacheShare", shareOf),
    pressShare: fields.readIfThere("pressShare", shareOf),
    swapKibPerSecond: fields.readIfThere("swapPerSecond", kibOf),
    killAfterMs: fields.readIfThere("killAfter", msOf),
    killShare: fields.readIfThere("killShare", shareOf),
  };
  const there = Object.entries(given).filter(([, amount]) => amount !== undefined);
  return { shortage: fields.choice("shortage", shortages), ...Object.fromEntries(there) };
}

function nameOf(text: string): string {
  if (/^\S+$/.test(text)) return text;
  throw new Error(`expected one word, got ${JSON.stringify(text)}`);
}

function shareOf(text: string): number {
  const part = partOf(text);
  if (part === null || part > 1) throw new Error(`expected a percentage from 0% to 100%, got ${text}`);
  return part;
}

function spanOf(text: string): number {
  const ms = msOf(text);
  if (ms > 0) return ms;
  throw new Error(`expected a time above 0, got ${text}`);
}

/** Refuses what the host refuses, with the line and field of the option. */
function refuseImpossible(plan: ShownPlan, source: StudySource): void {
  try {
    checkHost({ ...plan.host, policy: { name: plan.policy, run: function* () {} } });
  } catch (error) {
    if (!(error instanceof ArgumentRangeError || error instanceof ArgumentTypeError)) throw error;
    throw source.error(pathOf(error.key, plan), problemOf(error));
  }
}

/** The field of the text that sets an option, as `guests.web.memoryKib`. */
function pathOf(option: string, plan: ShownPlan): Path {
  if (option === "totalKib") return ["base", "size"];
  const at = guestsOf(plan).findIndex(({ name }) => option.startsWith(`guests.${name}.`));
  if (at < 0) return ["guests"];
  const path = plan.host.dom0 === undefined ? ["guests", at] : at === 0 ? ["dom0"] : ["guests", at - 1];
  const [key] = option.slice(`guests.${guestsOf(plan)[at].name}.`.length).split("[");
  return [...path, FIELDS[key] ?? key];
}
