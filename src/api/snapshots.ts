/** The snapshots of one machine, and whatever brings it back to each. */
import { ArgumentRangeError, ArgumentTypeError } from "../host/argument-error.js";
import { describe } from "../host/arguments.js";
import { Snapshot, type SnapshotFacts } from "./snapshot.js";

/** @typeParam T - whatever brings the machine back. */
export class Snapshots<T> {
  /** Null stands for a snapshot that is closed. */
  readonly #snapshots = new WeakMap<Snapshot, T | null>();

  /** @param onClose - called once, when the snapshot is closed. */
  add(facts: SnapshotFacts, way: T, onClose: () => void = () => {}): Snapshot {
    const snapshot: Snapshot = new Snapshot(facts, () => {
      if (this.#snapshots.get(snapshot) === null) return;
      this.#snapshots.set(snapshot, null);
      onClose();
    });
    this.#snapshots.set(snapshot, way);
    return snapshot;
  }

  /** @throws TypeError: it is no snapshot. RangeError: it is one of another machine. Error: it is closed. */
  get(snapshot: Snapshot): T {
    if (!(snapshot instanceof Snapshot)) throw new ArgumentTypeError("snapshot", "a Snapshot", describe(snapshot));
    const way = this.#snapshots.get(snapshot);
    if (way === undefined) throw new ArgumentRangeError("snapshot", "one of this machine", "one of another machine");
    if (way === null) throw new Error("the snapshot is closed");
    return way;
  }
}
