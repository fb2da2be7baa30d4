/** The figures of the guest that only its driver knows. */
import { currentCredit } from "./worker";

export * from "../state";

export function state_creditPages(): f64 {
  return <f64>currentCredit();
}
