/** Words for the reasons why a guest got no more memory, or could not start. */
import type { Reason } from "xen-balloon/toolstack";

/** The words of a reason. */
export interface ReasonWords {
  /** For tables. */
  readonly label: string;
  /** Ends "it was short, because …"; `policy` is the policy's name. */
  readonly short: (policy: string) => string;
  /** Ends "it could not start, because …". */
  readonly refused: (policy: string) => string;
}

/** The label of a shortage or refusal for which nobody gave a reason. */
export const NO_REASON = "no reason given";

export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = {
  "rest-zone": {
    label: "rest zone",
    short: (policy) => `${policy} kept memory back for the host, or found the change too small to make`,
    refused: (policy) => `${policy} keeps back for the host what was left`,
  },
  floor: {
    label: "floor",
    short: (policy) => `nobody may give more: all are at their minimum, or at a floor of ${policy}'s own`,
    refused: (policy) =>
      `all that others may give, down to their minimum or to ${policy}'s own floor, was less than asked`,
  },
  "stuck-donor": {
    label: "stuck donor",
    short: () => "a guest that was told to give did not, or not in time",
    refused: () => "a guest that was told to give did not, or not in time",
  },
  maxmem: {
    label: "maxmem",
    short: () => "it may not have more",
    refused: () => "it may not have as much as it was to start with",
  },
  "back-off": {
    label: "back-off",
    short: () => "its driver had failed to get memory and waited before it tried again",
    refused: () => "the driver of a guest that was to give waited before it tried again",
  },
  "gave-up": {
    label: "gave up",
    short: () => "its driver had failed to get memory too often, and tries no more before it gets a new target",
    refused: () => "the driver of a guest that was to give had given up",
  },
  "host-empty": {
    label: "host empty",
    short: () => "the host had no free memory",
    refused: () => "the host had too little free memory",
  },
  "demand-unseen": {
    label: "demand unseen",
    short: (policy) => `${policy} never looks at demand`,
    refused: (policy) => `${policy} never looks at demand, and took nothing from those who do not need it`,
  },
  "not-reporting": {
    label: "not reporting",
    short: (policy) => `${policy} knew nothing of it`,
    refused: (policy) => `${policy} knew nothing of the guests that could have given`,
  },
  reported: {
    label: "more than reported",
    short: (policy) =>
      `it wanted more than it had reported: ${policy} gave what the report called for, and a report tells what is in use`,
    refused: (policy) => `what the guests had reported left it nothing under ${policy}`,
  },
  "next-turn": {
    label: "next turn",
    short: (policy) =>
      `${policy} had told others to give, or memory had come, and it did not come back to it before its next turn`,
    refused: (policy) => `${policy} had told others to give, and did not look again before its time was over`,
  },
  share: {
    label: "share",
    short: () => "its share of too little was all that it got",
    refused: () => "its share of too little is less than it needs to start",
  },
  unexplained: {
    label: "not told",
    short: (policy) => `${policy} did not say why`,
    refused: (policy) => `${policy} did not say why`,
  },
  moving: {
    label: "moving",
    short: () => "its pages were on their way: moving them takes time",
    refused: () => "memory was on its way, and did not come in time",
  },
};
