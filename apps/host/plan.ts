/** The types of a host's plan: its text, its settings, its guests, its cases. parse.ts and load.ts read it. */
import type { Generation } from "xen-balloon/core";
import type { HostGuest } from "xen-balloon/toolstack";
import type { DemandColumns } from "../demand/columns.js";
import type { Case } from "../study/plan.js";
import type { Factor } from "../study/study.js";

/** How a shortage is modelled, as the plan's text has it. */
export interface PressureText {
  readonly shortage: "waits" | "swaps" | "kills";
  readonly cacheShare?: string;
  readonly pressShare?: string;
  readonly swapPerSecond?: string;
  readonly killAfter?: string;
  readonly killShare?: string;
}

/** The settings of a case, each left out or set once, by the plan's base or by a level. Sizes are text with a unit. */
export interface HostSettings {
  readonly size?: string;
  /** Name of a policy (policies.ts), or a module file, relative to the plan. */
  readonly policy?: string;
  /** Default: DEFAULT_DRIVER. */
  readonly driver?: Generation;
  readonly minimumScale?: number;
  readonly pressure?: PressureText["shortage"] | PressureText;
  readonly usPerPage?: number;
}

/** The driver of guests that name none. */
export const DEFAULT_DRIVER: Generation = "modern";

/** The two ends of what was published for Xen, in µs a page. */
export const BAND_US_PER_PAGE: readonly number[] = [4.3, 86];

/** Demand as the plan's text has it: a size, a file, a guest of a file, or sizes by time. */
export type DemandText = string | Readonly<Record<string, string>>;

/** A guest, or all guests of a demand file, as the plan's text has it. */
export interface GuestText {
  readonly name?: string;
  readonly all?: string;
  readonly memory?: string;
  readonly minimum: string;
  readonly maximum?: string;
  readonly videoram?: string;
  readonly vcpus?: number;
  readonly type?: HostGuest["type"];
  readonly driver?: Generation;
  readonly demand?: DemandText;
  readonly start?: string;
  readonly stop?: string;
  readonly balloons?: boolean;
  readonly reports?: boolean;
  readonly bootLog?: string;
}

/** A guest of a plan, whatever the case. */
export type PlanGuest = Omit<HostGuest, "demand" | "driver"> & {
  /** Undefined: that of the case. */
  readonly driver?: Generation;
};

/** A plan, with its defaults filled in. */
export interface HostPlan {
  /** One word: names files. */
  readonly name: string;
  readonly title: string;
  /** The question that it answers, in a sentence or two. */
  readonly question: string;
  /** Conclusions that it does not support, for its readers. */
  readonly doesNotShow: readonly string[];
  /** The author's reading of the figures, paragraph by paragraph. */
  readonly reading: readonly string[];
  readonly spanMs: number;
  /** The settings that all cases share. */
  readonly base: HostSettings;
  /** The columns of demand files that are tables whose headings do not tell. */
  readonly columns: DemandColumns;
  /** The control domain; null where it takes no part. */
  readonly dom0: PlanGuest | null;
  readonly guests: readonly PlanGuest[];
  /** The last is usPerPage where the plan does not set it: both ends are run. */
  readonly factors: readonly Factor<HostSettings>[];
}

/** One combination of levels. */
export type HostCase = Omit<Case, "seed" | "settings"> & { readonly settings: HostSettings };
