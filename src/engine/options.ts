/**
 * How a guest's options reach its module: each as a u32, at the address that the module exports under the option's name.
 * An option that the module does not know, or one that nobody sets, is an error before anything runs.
 */
import { belongsTo, type Generation } from "../host/generation.js";
import { GUEST_OPTIONS } from "../host/options/guest-options.js";
import type { Option } from "../host/options/option.js";
import type { GuestConfig } from "../host/options/types.js";
import type { WasmGlobal } from "../host/platform.js";
import type { BalloonExports } from "./exports.js";
import { namedExports } from "./named-exports.js";

/** The host itself does what these say (guest.ts, machine.ts, the shim, and the world): no fields of a module. */
const HOST_OPTIONS = [
  "driver",
  "batches",
  "extraRegions",
  "holes",
  "reservedPages",
  "maxPages",
  "mfnSeed",
  "reservationPages",
  "bootTimeoutSeconds",
  "threadErrno",
] as const;

/** Options that a generation checks and does nothing with: no fields of its module. */
const WITHOUT_EFFECT: Readonly<Record<Generation, readonly (keyof GuestConfig)[]>> = { "2013": [], modern: ["cpus"] };

/** An option that crosses. */
export type CrossingOption = Exclude<keyof GuestConfig, (typeof HOST_OPTIONS)[number]>;

/** The names under which the module exports the addresses. */
export type OptionAddresses = { readonly [Name in CrossingOption as `option_${Name}`]?: WasmGlobal };

/** The values that cross: a flag as 0 or 1, a choice as its place among the values, a number as itself. */
export function recordOf(config: GuestConfig): Readonly<Record<string, number>> {
  const names = Object.keys(GUEST_OPTIONS).filter((name): name is CrossingOption => crosses(config.driver, name));
  return Object.fromEntries(names.map((name) => [name, numberOf(name, config[name])]));
}

function crosses(generation: Generation, name: string): boolean {
  const option: Option<Required<GuestConfig>> = GUEST_OPTIONS[name as keyof GuestConfig];
  const hosts: readonly string[] = [...HOST_OPTIONS, ...WITHOUT_EFFECT[generation]];
  return belongsTo(generation, option) && !hosts.includes(name);
}

function numberOf(name: CrossingOption, value: unknown): number {
  const option: Option<Required<GuestConfig>> = GUEST_OPTIONS[name];
  return option.form === "choice" ? option.values.indexOf(value as string) : Number(value);
}

/**
 * Writes a record into the module's memory.
 *
 * @param exports - of the guest's module.
 * @throws Error that names the option which only one of the two knows.
 */
export function writeRecord(exports: BalloonExports, record: Readonly<Record<string, number>>): void {
  const memory = new DataView(exports.memory.buffer);
  for (const [name, address] of namedExports(exports, "option_", "option", Object.keys(record))) {
    memory.setUint32(address, record[name], true);
  }
}
