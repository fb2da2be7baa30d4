/** The state of a part of a world at one moment, kept for later. */

export interface Saved {
  /** The memory that it takes, in bytes, without what it shares with one saved before. */
  readonly bytes: number;
  /** Puts the part back into that state; any number of times, in any order with other saved states of the part. */
  restore(): void;
}

/** Parts that are put back together, in their order. */
export function together(parts: readonly Saved[]): Saved {
  return {
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    restore: () => {
      for (const part of parts) part.restore();
    },
  };
}

/** Saves the public fields of an object that are its own: numbers, and what never changes. */
export function saveFields(object: object): Saved {
  const fields = { ...object };
  return { bytes: 0, restore: () => void Object.assign(object, fields) };
}
