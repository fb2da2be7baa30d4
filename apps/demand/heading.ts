/** Takes the heading of a column apart: its words, its unit and its labels; and tells the role that they give it. */
import { MEMORY_UNITS, TIME_UNITS } from "./units.js";

/**
 * The role of a column. `memory` is memory of which the heading does not tell whether it is sold or in use. `place` is a
 * name that a guest may have, or the host it runs on.
 */
export type Role = "time" | "date" | "hour" | "used" | "total" | "available" | "memory" | "guest" | "place" | "value";

/** A heading, taken apart. */
export interface Heading {
  readonly name: string;
  /** Words in lower case, without the unit. */
  readonly words: readonly string[];
  /** The unit in lower case; `""` where there is none. It may be none that is known, such as `kb/s`. */
  readonly unit: string;
  /** The labels of a series of Prometheus; null for any other column. */
  readonly labels: ReadonlyMap<string, string> | null;
}

const BRACKETED = /^(.*?)\s*[[(]\s*([^\s\])]+)\s*[\])]$/;
const SERIES = /^([\w:.]*)\s*\{(.*)\}$/;
const LABEL = /([\w.]+)\s*=\s*"([^"]*)"/g;
/** `usedMiB`, `usageBytes`: a unit that begins with a capital letter. */
const CAPITAL_UNIT = /^(.*[a-z])([KMG]i?B|Bytes|Ms|Seconds)$/;
const PERCENT = new Set(["%", "pct", "percent", "percentage", "perc"]);
const ZONES = new Set(["utc", "gmt", "z"]);

/** @param name - as it stands in the table, without the spaces and quotes around it. */
export function headingOf(name: string): Heading {
  const series = SERIES.exec(name);
  if (series === null) return { name, ...plain(name), labels: null };
  const labels = new Map([...series[2].matchAll(LABEL)].map(([, label, value]) => [label, value] as const));
  return { name, ...plain(labels.get("__name__") ?? series[1]), labels };
}

function plain(name: string): { readonly words: readonly string[]; readonly unit: string } {
  const [, before, bracket] = BRACKETED.exec(name) ?? [null, name, ""];
  const tokens = (before ?? "").split(/[\s_.:/-]+/).filter((token) => token !== "");
  const last = tokens.at(-1) ?? "";
  const capital = CAPITAL_UNIT.exec(last);
  if (capital !== null) tokens.splice(-1, 1, capital[1], capital[2]);
  const end = (tokens.at(-1) ?? "").toLowerCase();
  const inBracket = bracket.toLowerCase();
  let unit = ZONES.has(inBracket) ? "" : inBracket;
  if (
    unit === "" &&
    (TIME_UNITS.spelled.has(end) || (end.length !== 1 && MEMORY_UNITS.spelled.has(end)) || end === "b")
  ) {
    unit = end;
    tokens.pop();
  }
  const words = tokens.flatMap((token) => token.split(/(?<=[a-z])(?=[A-Z])/)).map((word) => word.toLowerCase());
  const percent = words.some((word) => PERCENT.has(word) || word.startsWith("%"));
  return { words, unit: percent ? "%" : unit };
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const TIME = set("time timestamp date datetime t ts epoch unix utc gmt local elapsed zeit zeitstempel since 1970 of");
const DATE = set("date day datum");
const HOUR = set("time hour clock uhrzeit of day");
const USED = set("used usage use inuse rss resident demand wss working set");
const TOTAL = set("total capacity provisioned prov allocated allocation assigned sold limit maxmem configured");
const AVAILABLE = set("available avail usable");
const NEUTRAL = set(
  "mem memory ram in of main physical container process guest vm domain node host system instance pod",
);
const MEMORY = set("mem memory ram");
const GUEST = set(
  "vm guest domain dom instance container pod vmid domid vmname machine series guestid guestname domainid domainname podname",
);
const PLACE = set("host hostname node nodename server name id uuid");

/** Tells the role of a column; null for one that is no demand. */
export function roleOf({ words, unit }: Heading): Role | null {
  const all = (known: ReadonlySet<string>): boolean => words.length > 0 && words.every((word) => known.has(word));
  if (unit === "" && all(DATE)) return "date";
  if (unit === "" && all(HOUR) && words.some((word) => word !== "time" && HOUR.has(word))) return "hour";
  if (TIME_UNITS.spelled.has(unit) && words.length === 0) return unit.startsWith("h") ? "hour" : "time";
  if ((unit === "" || TIME_UNITS.spelled.has(unit)) && all(TIME)) return "time";
  if (unit === "" && words.length === 1 && words[0] === "value") return "value";
  if (unit === "" && words.every((word) => GUEST.has(word) || PLACE.has(word)) && words.length > 0) {
    return words.some((word) => GUEST.has(word)) ? "guest" : "place";
  }
  if (unit !== "" && !MEMORY_UNITS.spelled.has(unit)) return null;
  const telling = words.filter((word) => !NEUTRAL.has(word));
  if (telling.length === 0) return unit !== "" || words.some((word) => MEMORY.has(word)) ? "memory" : null;
  const tells = (known: ReadonlySet<string>): boolean => telling.every((word) => known.has(word));
  return tells(USED) ? "used" : tells(TOTAL) ? "total" : tells(AVAILABLE) ? "available" : null;
}

/** Returns whose name or number a column has: `domain` of `Domain ID` and of `Domain name`. */
export function nounOf({ words }: Heading): string {
  const nouns = words.map((word) => word.replace(/(name|uuid|id)$/, "")).filter((word) => word !== "");
  return nouns.join(" ");
}
