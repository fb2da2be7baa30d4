/**
 * The addresses of the options that every generation has, by their API names; a room adds its own. The host writes each option there before boot, and refuses a
 * module that lacks one or has one that the host does not know (src/engine/options.ts).
 */
import { Guest } from "./guest";
import { GUEST } from "./layout";

export const option_xen: usize = GUEST + offsetof<Guest>("xen");
export const option_domain: usize = GUEST + offsetof<Guest>("domain");
export const option_nrPages: usize = GUEST + offsetof<Guest>("nrPages");
export const option_releasedPages: usize = GUEST + offsetof<Guest>("releasedPages");
export const option_maxPfn: usize = GUEST + offsetof<Guest>("maxPfn");
export const option_pfnLimit: usize = GUEST + offsetof<Guest>("pfnLimit");
export const option_highmemStart: usize = GUEST + offsetof<Guest>("highmemStart");
export const option_frameListCapacity: usize = GUEST + offsetof<Guest>("frameListCapacity");
export const option_hotplug: usize = GUEST + offsetof<Guest>("hotplug");
export const option_sectionPages: usize = GUEST + offsetof<Guest>("sectionPages");
export const option_scrub: usize = GUEST + offsetof<Guest>("scrub");
export const option_contents: usize = GUEST + offsetof<Guest>("contents");
export const option_watermarkPages: usize = GUEST + offsetof<Guest>("watermarkPages");
export const option_watermarkHighPages: usize = GUEST + offsetof<Guest>("watermarkHighPages");
