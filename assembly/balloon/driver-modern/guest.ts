/** The options and the state that the guest has in this generation alone. */
import { Pages } from "../../common/types";
import { Guest } from "../guest";
import { Errno } from "../kernel";
import { GUEST } from "../layout";

@unmanaged
export class ModernGuest extends Guest {
  // Options.
  /** xen_initial_domain(). */
  dom0: u32;
  /** xen_unpopulated_pages. */
  unpopulatedPages: Pages;
  /** totalreserve_pages. */
  totalReservePages: Pages;
  /** Added memory comes online while it is added. */
  autoOnline: u32;

  // Not options.
  /** xen_hotplug_unpopulated. */
  hotplugUnpopulated: u32;
  /** Injected faults: the next calls of each kind, as many as `…Times`, answer `…Rc`. */
  addMemoryRc: Errno;
  addMemoryTimes: u32;
  resourceRc: Errno;
  resourceTimes: u32;
  setP2mRc: Errno;
  setP2mTimes: u32;
  allocP2mRc: Errno;
  allocP2mTimes: u32;
}

export const guest: ModernGuest = changetype<ModernGuest>(GUEST);
