/** Parses the text of a plan, and gives each level the settings that it stands for. */
import { labelOf, pathOfLevel, readFactor, refuseDoubles } from "../study/factors.js";
import { type Path, StudySource } from "../study/source.js";
import type { Factor } from "../study/study.js";
import { BAND_US_PER_PAGE, type GuestText, type HostPlan, type HostSettings } from "./plan.js";
import { problemOfHostSettings, problemOfPlan } from "./schema.js";

/** A document that the schema accepts. */
interface PlanDocument {
  readonly title: string;
  readonly question: string;
  readonly doesNotShow?: readonly string[];
  readonly reading?: readonly string[];
  readonly span: string;
  /** A list stands for a factor. */
  readonly base: Readonly<Record<keyof HostSettings, unknown>>;
  readonly columns?: HostPlan["columns"];
  readonly dom0?: Omit<GuestText, "name">;
  readonly guests: readonly GuestText[];
  readonly factors?: Readonly<Record<string, unknown>>;
}

/** The name of the control domain, as Xen's tools have it. */
const DOM0 = "Domain-0";

/** A plan whose guests are still text, with the text that it was parsed from. */
export interface ParsedPlan {
  readonly plan: Omit<HostPlan, "spanMs" | "dom0" | "guests">;
  readonly span: string;
  readonly dom0: GuestText | null;
  readonly guests: readonly GuestText[];
  readonly source: StudySource;
}

/**
 * Parses a plan.
 *
 * @param name - one word, which names the plan's files.
 * @throws StudyError: the first thing that is wrong
 */
export function parsePlan(text: string, name: string): ParsedPlan {
  const source = new StudySource(text);
  const wrong = problemOfPlan(source.data);
  if (wrong !== null) throw source.error(wrong.path, wrong.problem);
  const document = source.data as PlanDocument;
  const lists = source.keysAt(["base"]).filter((key) => Array.isArray(document.base[key as keyof HostSettings]));
  const base: HostSettings = Object.fromEntries(Object.entries(document.base).filter(([key]) => !lists.includes(key)));
  const factors = [
    ...lists.map((key) => listFactor(key, document.base[key as keyof HostSettings] as readonly unknown[])),
    ...source.keysAt(["factors"]).map((factor) => readFactor<HostSettings>(factor, source, problemOfHostSettings)),
  ];
  const setInBase = Object.fromEntries(lists.map((key) => [key, null]));
  const others = factors.slice(lists.length);
  refuseDoubles({ ...base, ...setInBase }, others, (...level) => pathOfSetting(source, ...level), source);
  const isTimed = [base, ...factors.flatMap(({ levels }) => levels.map(({ settings }) => settings))].some(
    (settings) => "usPerPage" in settings,
  );
  const plan: ParsedPlan["plan"] = {
    name,
    title: document.title,
    question: document.question.trim(),
    doesNotShow: document.doesNotShow ?? [],
    reading: (document.reading ?? []).map((paragraph) => paragraph.trim()),
    base,
    columns: document.columns ?? {},
    factors: isTimed ? factors : [...factors, listFactor("usPerPage", BAND_US_PER_PAGE)],
  };
  const { span, guests } = document;
  return { plan, span, dom0: document.dom0 === undefined ? null : { ...document.dom0, name: DOM0 }, guests, source };
}

function listFactor(key: string, values: readonly unknown[]): Factor<HostSettings> {
  const levels = values.map((value) => ({ label: labelOf(value), settings: { [key]: value } as HostSettings }));
  return { name: key, levels, baseline: levels[0].label };
}

/** The path of a level's setting in the text: in a list of base, or in factors. The band of usPerPage has none. */
export function pathOfSetting(source: StudySource, factor: string, label: string, key: string): Path {
  const { base, factors = {} } = source.data as PlanDocument;
  if (Object.hasOwn(factors, factor)) return pathOfLevel(source, factor, label, key);
  const list = base[factor as keyof HostSettings];
  return Array.isArray(list) ? ["base", factor, list.findIndex((value) => labelOf(value) === label)] : [];
}
