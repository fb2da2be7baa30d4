/** The addresses of the options of this generation (../options.ts). */
import { GUEST } from "../layout";
import { Guest2013 } from "./guest";

export * from "../options";
export const option_cpus: usize = GUEST + offsetof<Guest2013>("cpus");
