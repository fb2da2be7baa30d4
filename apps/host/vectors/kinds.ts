/** The kinds of vectors that are known. */
import type { VectorKind } from "./kind.js";
import { vectorGuest } from "./kinds/vector-guest.js";

export const KINDS: readonly VectorKind[] = [vectorGuest];
