/** Declares what a thread serves. */
import type { ErrorTypes } from "./sent-error.js";

export interface Service {
  /** The object of the target ROOT. */
  readonly root: object;
  /** The events of `root` that are sent without a request. */
  readonly events?: readonly string[];
  /** Reads the state that every message carries. */
  state(): unknown;
  /** Tells whether nothing happens until there is a call. Default: always. */
  resting?(): boolean;
  /** The classes that errors keep, besides those of the language. The other side has the same list. */
  readonly errors?: ErrorTypes;
  /** Functions that write events as numbers, by their names, because a second may have half a million of them. */
  readonly packers?: Readonly<Record<string, (packed: number[], event: never) => void>>;
  /** The message of the error for a call on an object that is closed. */
  readonly closed?: string;
}
