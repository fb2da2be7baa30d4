/**
 * Declares the forms an option can have. A table of options has an entry for each: its key in scripts, its unit, range
 * and default, and a sentence of documentation. Types, checks, script keys, schemas, help and reference pages derive
 * from it.
 */
import type { WrongValue } from "../argument-error.js";
import type { OfGeneration } from "../generation.js";
import type { Region } from "./region.js";

/** A value that depends on other options. `says` gives it in words; `of` computes it from the complete options. */
export interface Computed<T, C> {
  /** The value in words, for example "`maxPfn`". */
  readonly says: string;
  readonly of: (config: C) => T;
}

/** A value, or its computation from other options. */
export type Value<T, C> = T | Computed<T, C>;

/** The part of the simulation that an option belongs to. Reference pages group options by it. */
export type Group = "Machine" | "Memory map" | "Driver" | "Guest kernel" | "Hotplug";

/** The members that options of every form share. */
export interface Described extends OfGeneration {
  /** Its key in the config lines of scripts; null if scripts do not have it. */
  readonly key: string | null;
  readonly group: Group;
  /** Its meaning, in a sentence without unit, range and default. */
  readonly sentence: string;
}

/** Tells what is wrong with a value of an option. */
export type Wrong = Omit<WrongValue, "key">;

interface NumberRange<C> extends Described {
  /** Completes "expected …": `pages`, `a PFN`. */
  readonly unit: string;
  readonly from: number;
  readonly to: Value<number, C>;
  /** The default. An option without one must be given. */
  readonly default?: Value<number, C>;
  /** The default in scripts, if it differs. */
  readonly scriptDefault?: number;
  /** Tells that 0 stands for the default. */
  readonly zeroIsDefault?: true;
  /** Checks a value further. It returns null for a right one. */
  readonly wrong?: (value: number, config: C) => Wrong | null;
}

/** A whole number. */
export interface IntegerOption<C> extends NumberRange<C> {
  readonly form: "integer";
}

/** A whole number that sets a limit. A value above `highest` has the effect of `highest`, and is cut to it. */
export interface LimitOption<C> extends NumberRange<C> {
  readonly form: "limit";
  readonly highest: Value<number, C>;
}

/** A power of two, cut to `highest`. */
export interface PowerOfTwoOption<C> extends NumberRange<C> {
  readonly form: "powerOfTwo";
  readonly highest: Value<number, C>;
}

/** True or false. */
export interface FlagOption extends Described {
  readonly form: "flag";
  readonly default: boolean;
}

/** One of a few words. */
export interface ChoiceOption<T extends string = string> extends Described {
  readonly form: "choice";
  readonly values: readonly T[];
  readonly default: T;
  /** Formats a value that is none of them, for the message. */
  readonly show: (value: unknown) => string;
}

/** Runs of pages, at most 128, cut at `end`. None by default. */
export interface RegionsOption<C> extends Described {
  readonly form: "regions";
  readonly end: Computed<number, C>;
  readonly wrong?: (regions: readonly Region[], config: C) => Wrong | null;
}

/** An option of numbers. */
export type NumberOption<C> = IntegerOption<C> | LimitOption<C> | PowerOfTwoOption<C>;

/** An option of any form. */
export type Option<C> = NumberOption<C> | FlagOption | ChoiceOption | RegionsOption<C>;

/** The forms an option of type `T` can have. */
export type OptionOf<T, C> = [T] extends [boolean]
  ? FlagOption
  : [T] extends [string]
    ? ChoiceOption<T>
    : [T] extends [number]
      ? NumberOption<C>
      : RegionsOption<C>;

/** An option for each member of `C`. A member or option that is missing or has another type is a compile error. */
export type Table<C> = { readonly [Name in keyof C]-?: OptionOf<NonNullable<C[Name]>, Required<C>> };

/** Lists the options' API names, in the order of the table. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}
