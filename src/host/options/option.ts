/**
 * The forms an option can have. A table of options has an entry for each: its key in scripts, its unit, range and
 * default, and a sentence of documentation. Types, checks, script keys, schemas, help and reference pages derive from it.
 */
import type { Region } from "./region.js";

/** A value that depends on other options: in words, and from the options, which are complete. */
export interface Computed<T, C> {
  /** In words, as in "`maxPfn`". */
  readonly says: string;
  readonly of: (config: C) => T;
}

/** A value, or how it follows from other options. */
export type Value<T, C> = T | Computed<T, C>;

/** The part of the simulation that an option belongs to, as reference pages group them. */
export type Group = "Machine" | "Memory map" | "Driver" | "Guest kernel" | "Hotplug";

/** What an option of every form has. */
export interface Described {
  /** Its key in the config lines of scripts; null where scripts do not have it. */
  readonly key: string | null;
  readonly group: Group;
  /** What it is, in a sentence without unit, range and default. */
  readonly sentence: string;
}

interface NumberRange<C> extends Described {
  /** Completes "expected …": `pages`, `a PFN`. */
  readonly unit: string;
  readonly from: number;
  readonly to: Value<number, C>;
  /** Left out: it must be given. */
  readonly default?: Value<number, C>;
  /** The default in scripts, where that is another. */
  readonly scriptDefault?: number;
  /** 0 stands for the default. */
  readonly zeroIsDefault?: true;
  /** The rest of what a value must be: the problem with one in words, or null. */
  readonly problem?: (value: number, config: C) => string | null;
}

/** A whole number. */
export interface IntegerOption<C> extends NumberRange<C> {
  readonly form: "integer";
}

/** A whole number that only limits: one above `highest` says no more than `highest` does, and is cut to it. */
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
  /** A value that is none of them, for the message. */
  readonly show: (value: unknown) => string;
}

/** Runs of pages, at most 128, cut at `end`. None by default. */
export interface RegionsOption<C> extends Described {
  readonly form: "regions";
  readonly end: Computed<number, C>;
  readonly problem?: (regions: readonly Region[], config: C) => string | null;
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

/** An option for each member of `C`: one that either lacks, or has in another type, is a compile error. */
export type Table<C> = { readonly [Name in keyof C]-?: OptionOf<NonNullable<C[Name]>, Required<C>> };

/** The options' API names, in the order of the table. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}
