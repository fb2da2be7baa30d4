/** A host's run as it was recorded: how it stood at the end of each slice, and what happened to its guests. */
import { type HostSample, SLICES } from "xen-balloon/core";
import type { Reason } from "xen-balloon/toolstack";

/** Something that happened to a guest. */
export type HostEvent = { readonly timeMs: number; readonly name: string } & (
  | { readonly kind: "started"; readonly memoryKib: number }
  | { readonly kind: "refused"; readonly reason: Reason; readonly words: string }
  /** `problem`: the BUG_ON or panic that ended it; null where it shut down. */
  | { readonly kind: "stopped"; readonly problem: string | null }
);

/** A part of a recording. */
export interface RecordedPart {
  readonly samples: readonly HostSample[];
  readonly events: readonly HostEvent[];
}

/** Grows while the host runs. */
export class Recording {
  readonly spanMs: number;
  /** The host before its start, then at the end of each slice. */
  readonly samples: HostSample[] = [];
  readonly events: HostEvent[] = [];

  constructor(spanMs: number) {
    this.spanMs = spanMs;
  }

  add({ samples, events }: RecordedPart): void {
    this.samples.push(...samples);
    this.events.push(...events);
  }

  /** The moment up to which it is recorded, in ms. */
  get endMs(): number {
    return this.samples.at(-1)?.timeMs ?? 0;
  }

  get isComplete(): boolean {
    return this.samples.length > SLICES;
  }

  /** The number of the slice at whose end, or after it, `timeMs` is; 0 before the end of the first. */
  sliceAt(timeMs: number): number {
    let [at, after] = [0, this.samples.length];
    while (after - at > 1) {
      const middle = (at + after) >>> 1;
      if (this.samples[middle].timeMs <= timeMs) at = middle;
      else after = middle;
    }
    return at;
  }

  /** The last that happened to a guest up to `timeMs`; undefined where nothing has. */
  lastOf(name: string, timeMs: number): HostEvent | undefined {
    return this.events.findLast((event) => event.name === name && event.timeMs <= timeMs);
  }
}
