/** The figures of a guest's state that its module knows; it exports a function for each, by its name. */
import type { Generation } from "../host/generation.js";
import { stateNames } from "../host/state.js";
import type { GuestState } from "../host/stats-types.js";

/** The machine and the shim count the others. */
const ELSEWHERE = ["totPages", "maxPages", "memoryOps", "vaMappings"] as const;

/** A figure that a guest's module knows. */
export type DriverFigure = Exclude<keyof GuestState, (typeof ELSEWHERE)[number]>;

/** The figures that the module of a generation knows, in the order of the table. */
export function driverFigures(generation: Generation): readonly DriverFigure[] {
  return stateNames(generation).filter(
    (name): name is DriverFigure => !(ELSEWHERE as readonly string[]).includes(name),
  );
}

/** The functions of a module that answer them. A module has those of its generation. */
export type FigureGetters = { readonly [Name in DriverFigure as `state_${Name}`]?: () => number };
