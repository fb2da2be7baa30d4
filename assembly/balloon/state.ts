/**
 * The figures that every generation has besides balloon_stats: the host asks for each by its name (src/host/state.ts). A
 * generation's room adds those that only its driver knows.
 */
import { counters, guest, highFree, normalFree } from "./layout";

export function state_freeNormalPages(): f64 {
  return <f64>normalFree.count;
}

export function state_freeHighPages(): f64 {
  return <f64>highFree.count;
}

export function state_managedPages(): f64 {
  return <f64>counters.managedPages;
}

export function state_managedHighPages(): f64 {
  return <f64>counters.managedHighPages;
}

export function state_maxPfn(): f64 {
  return <f64>guest.maxPfn;
}

export function state_onlineFrom(): f64 {
  return <f64>guest.onlineFrom;
}

export function state_scrubbedPages(): f64 {
  return <f64>counters.scrubbedPages;
}

export function state_tlbFlushes(): f64 {
  return <f64>counters.tlbFlushes;
}

export function state_kmapFlushes(): f64 {
  return <f64>counters.kmapFlushes;
}
