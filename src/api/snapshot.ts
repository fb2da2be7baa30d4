/** The snapshot of the public API. A machine here and one in a worker give the same. */

import { onAsyncDispose } from "../host/async-dispose.js";

/** The facts that a snapshot tells of itself. */
export type SnapshotFacts = Pick<Snapshot, "nowMs" | "bytes">;

/**
 * A machine at one moment: its frames, its guests with all their tables, the time, and what is due. Made by
 * `machine.snapshot`, for `machine.restore` of the same machine. It takes memory for what has been written to, and shares
 * with the snapshot before what has not changed since.
 *
 * @group Classes
 * @example
 * const snapshot = await machine.snapshot();
 * await guest.setTarget({ pages: 10_000 });
 * await guest.settle();
 * await machine.restore(snapshot); // as if that had not been
 */
export class Snapshot {
  /** The time of the snapshot, in ms on the machine's clock. */
  readonly nowMs: number;
  /** The memory that it took when it was made, in bytes, without what it shares with an earlier one. */
  readonly bytes: number;
  readonly #onClose: () => void;

  /** @internal use `machine.snapshot` */
  constructor({ nowMs, bytes }: SnapshotFacts, onClose: () => void) {
    this.nowMs = nowMs;
    this.bytes = bytes;
    this.#onClose = onClose;
  }

  /**
   * Gives the snapshot up. It frees the memory of a snapshot of a machine in a worker; other snapshots are freed as any
   * object is. A second call does nothing.
   *
   * @example
   * const snapshot = await machine.snapshot();
   * await snapshot.close();
   */
  async close(): Promise<void> {
    this.#onClose();
  }

  /**
   * Closes the snapshot at the end of the block in which `await using` has declared it.
   *
   * @example
   * await using snapshot = await machine.snapshot();
   */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    onAsyncDispose(Snapshot, (snapshot) => snapshot.close());
  }
}
