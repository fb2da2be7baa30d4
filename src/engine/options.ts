/**
 * How a guest's options reach balloon.wasm: each as a u32, at the address that the module exports under the option's name.
 * An option that the module does not know, or one that nobody sets, is an error before anything runs.
 */
import { GUEST_OPTIONS } from "../host/options/guest-options.js";
import type { Option } from "../host/options/option.js";
import type { GuestConfig } from "../host/options/types.js";
import type { WasmGlobal } from "../host/platform.js";
import type { BalloonExports } from "./exports.js";
import { namedExports } from "./named-exports.js";

/** The host itself does what these say (guest.ts, machine.ts, and the shim): no fields of the module. */
type HostOption =
  | "batches"
  | "extraRegions"
  | "holes"
  | "reservedPages"
  | "maxPages"
  | "mfnSeed"
  | "driver"
  | "dom0"
  | "reservationPages"
  | "unpopulatedPages"
  | "totalReservePages"
  | "bootTimeoutSeconds"
  | "autoOnline"
  | "threadErrno";
const HOST_OPTIONS: Readonly<Record<HostOption, true>> = {
  batches: true,
  extraRegions: true,
  holes: true,
  reservedPages: true,
  maxPages: true,
  mfnSeed: true,
  driver: true,
  dom0: true,
  reservationPages: true,
  unpopulatedPages: true,
  totalReservePages: true,
  bootTimeoutSeconds: true,
  autoOnline: true,
  threadErrno: true,
};

/** An option that crosses. */
export type CrossingOption = Exclude<keyof GuestConfig, HostOption>;

/** The names under which the module exports the addresses. */
export type OptionAddresses = { readonly [Name in CrossingOption as `option_${Name}`]: WasmGlobal };

/** The values that cross: a flag as 0 or 1, a choice as its place among the values, a number as itself. */
export function recordOf(config: GuestConfig): Record<CrossingOption, number> {
  const names = Object.keys(GUEST_OPTIONS).filter((name): name is CrossingOption => !Object.hasOwn(HOST_OPTIONS, name));
  return Object.fromEntries(names.map((name) => [name, numberOf(name, config[name])])) as Record<
    CrossingOption,
    number
  >;
}

function numberOf(name: CrossingOption, value: unknown): number {
  const option: Option<Required<GuestConfig>> = GUEST_OPTIONS[name];
  return option.form === "choice" ? option.values.indexOf(value as string) : Number(value);
}

/**
 * Writes a record into the module's memory.
 *
 * @param exports - of balloon.wasm.
 * @throws Error that names the option which only one of the two knows.
 */
export function writeRecord(exports: BalloonExports, record: Readonly<Record<string, number>>): void {
  const memory = new DataView(exports.memory.buffer);
  for (const [name, address] of namedExports(exports, "option_", "option", Object.keys(record))) {
    memory.setUint32(address, record[name], true);
  }
}
