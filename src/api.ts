/** What every entry of the package exports besides its own createMachine. */

export type { GuestConfig, Region } from "./backend.js";
export { INVALID_ENTRY, PAGE_BYTES } from "./backend.js";
export { BalloonBug, BalloonError } from "./errors.js";
export type {
  EndedEvent,
  GuestEvent,
  GuestEvents,
  HotplugEvent,
  HypercallEvent,
  LogEvent,
  RetryEvent,
} from "./guest/events.js";
export type * from "./guest/types.js";
export type { Guest } from "./guest.js";
export type { Machine } from "./machine.js";
export type { MachineOptions } from "./machine-options.js";
export { bytesFromPages, pagesFromBytes } from "./units.js";
