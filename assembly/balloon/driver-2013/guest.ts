/** The options and the state that the guest has in this generation alone. */
import { Cpu } from "../../common/types";
import { Guest } from "../guest";
import { Errno } from "../kernel";
import { GUEST } from "../layout";

@unmanaged
export class Guest2013 extends Guest {
  // An option.
  /** The number of CPUs that are online at boot. */
  cpus: u32;

  // Not options.
  /** The CPU that runs the driver. */
  cpu: Cpu;
  /** An injected fault: the next addMemoryTimes calls of add_memory return addMemoryRc. */
  addMemoryRc: Errno;
  addMemoryTimes: u32;
}

export const guest: Guest2013 = changetype<Guest2013>(GUEST);
