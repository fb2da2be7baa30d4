/** The exports that every entry of the package has besides its own createMachine. */

export { ArgumentRangeError, ArgumentTypeError, type WrongValue } from "../host/argument-error.js";
export type { GuestConfig, Region } from "../host/backend.js";
export { INVALID_ENTRY, PAGE_BYTES } from "../host/backend.js";
export { BalloonBug, BalloonError } from "../host/errors.js";
export type { MachineOptions } from "../host/machine-options.js";
export type { WasmBytes, WasmModule } from "../host/platform.js";
export type { Mfn, Pages, Pfn } from "../host/units.js";
export type {
  EndedEvent,
  GuestEvent,
  GuestEvents,
  HotplugEvent,
  HypercallEvent,
  LogEvent,
  RetryEvent,
  ThreadEvent,
} from "./events.js";
export type { Guest } from "./guest.js";
export type { Machine } from "./machine.js";
export type { Snapshot } from "./snapshot.js";
export type * from "./types.js";
export { bytesFromPages, pagesFromBytes } from "./units.js";
