/** The kinds of vectors that are known. */
import type { VectorKind } from "./kind.js";
import { qmemmanCalls } from "./kinds/qmemman-calls.js";
import { qmemmanDaemon } from "./kinds/qmemman-daemon.js";
import { vectorGuest } from "./kinds/vector-guest.js";

export const KINDS: readonly VectorKind[] = [vectorGuest, qmemmanCalls, qmemmanDaemon];
