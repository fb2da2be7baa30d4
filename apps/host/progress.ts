/** How far a host is, which the thread that runs it tells the one that waits for it, even while a policy loops. */

/** A look at a host's progress. */
export interface HostProgress {
  /** Grows with everything that the policy does; 0 until the thread has the job. */
  readonly count: number;
  /** Ms since the host's start. */
  readonly nowMs: number;
  /** The guest that the policy told a target last, by its place in the plan; -1: none yet. */
  readonly guest: number;
}

const [COUNT, NOW, GUEST, FIELDS] = [0, 1, 2, 3];

/** Makes the memory that both threads share. */
export function sharedProgress(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(FIELDS * Float64Array.BYTES_PER_ELEMENT);
  new Float64Array(shared)[GUEST] = -1;
  return shared;
}

export function lookAt(shared: SharedArrayBuffer): HostProgress {
  const fields = new Float64Array(shared);
  return { count: fields[COUNT], nowMs: fields[NOW], guest: fields[GUEST] };
}

/** Tells of progress. */
export class Progressing {
  readonly #fields: Float64Array;

  constructor(shared: SharedArrayBuffer) {
    this.#fields = new Float64Array(shared);
  }

  /** @param guest - its place in the plan, where the policy has told it a target. */
  tell(nowMs: number, guest: number | null): void {
    this.#fields[NOW] = nowMs;
    if (guest !== null) this.#fields[GUEST] = guest;
    this.#fields[COUNT]++;
  }
}
