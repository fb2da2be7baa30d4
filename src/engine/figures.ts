/** The figures of a guest's state that balloon.wasm knows; it exports a function for each, by its name. */
import { stateNames } from "../host/state.js";
import type { GuestState } from "../host/stats-types.js";

/** The machine and the shim count the others. */
const ELSEWHERE = ["totPages", "maxPages", "memoryOps", "vaMappings", "availablePages", "offlinePages"] as const;

/** A figure that balloon.wasm knows. */
export type DriverFigure = Exclude<keyof GuestState, (typeof ELSEWHERE)[number]>;

/** The figures that balloon.wasm knows, in the order of the table. */
export const DRIVER_FIGURES: readonly DriverFigure[] = stateNames("2013").filter(
  (name): name is DriverFigure => !(ELSEWHERE as readonly string[]).includes(name),
);

/** The functions of balloon.wasm that answer them. */
export type FigureGetters = { readonly [Name in DriverFigure as `state_${Name}`]: () => number };
