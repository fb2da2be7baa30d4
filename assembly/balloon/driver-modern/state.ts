/** The figures of the guest that only its driver knows. */
import { highList, lowList } from "../layout";
import { availablePages } from "../page-allocator";
import { guest } from "./guest";
import { currentCredit } from "./thread";

export * from "../state";

export function state_creditPages(): f64 {
  return <f64>currentCredit();
}

export function state_availablePages(): f64 {
  return <f64>availablePages(guest.totalReservePages);
}

/** Pages are marked offline while they are in the balloon, and while they are added and not online. */
export function state_offlinePages(): f64 {
  return <f64>lowList.pages + <f64>highList.pages + <f64>(guest.maxPfn - guest.onlineFrom);
}
