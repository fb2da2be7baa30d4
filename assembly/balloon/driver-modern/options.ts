/** The addresses of the options of this generation (../options.ts). */
import { GUEST } from "../layout";
import { ModernGuest } from "./guest";

export * from "../options";
export const option_dom0: usize = GUEST + offsetof<ModernGuest>("dom0");
export const option_unpopulatedPages: usize = GUEST + offsetof<ModernGuest>("unpopulatedPages");
export const option_totalReservePages: usize = GUEST + offsetof<ModernGuest>("totalReservePages");
export const option_autoOnline: usize = GUEST + offsetof<ModernGuest>("autoOnline");
