/** Sizes that several parts of qmemman use, in bytes, and its beat (qubes/qmemman/systemstate.py). */
export const MIB = 1_048_576;

/** Free memory that a balance leaves to Xen (XEN_FREE_MEM_LEFT). */
export const KEPT_FREE_BYTES: number = 50 * MIB;

/** A request is met once so much is free beside it (XEN_FREE_MEM_MIN). */
export const LEAST_FREE_BYTES: number = 25 * MIB;

/** Between two looks, in ms (BALLOON_DELAY). */
export const LOOK_MS = 100;

/** Looks after which slowness is judged (CHECK_PERIOD): 3 s. */
export const PATIENCE_LOOKS = 30;

/** Memory that must come in a second (CHECK_MB_S). */
export const LEAST_BYTES_PER_S: number = 100 * MIB;
