/** The kinds of vectors that are known. */
import type { VectorKind } from "./kind.js";
import { costCheck } from "./kinds/cost-check.js";
import { sysfsWrites, targetWatch } from "./kinds/guest-interface.js";
import { meminfoWriter } from "./kinds/meminfo-writer.js";
import { qmemmanCalls } from "./kinds/qmemman-calls.js";
import { qmemmanDaemon } from "./kinds/qmemman-daemon.js";
import { squeezedCalls } from "./kinds/squeezed-calls.js";
import { squeezedWrites } from "./kinds/squeezed-writes.js";
import { vectorGuest } from "./kinds/vector-guest.js";
import { xapiLimits } from "./kinds/xapi-limits.js";
import { xapiSums } from "./kinds/xapi-sums.js";
import { xlFreemem } from "./kinds/xl-freemem.js";
import { xlNeed } from "./kinds/xl-need.js";

export const KINDS: readonly VectorKind[] = [
  costCheck,
  meminfoWriter,
  qmemmanCalls,
  qmemmanDaemon,
  squeezedCalls,
  squeezedWrites,
  sysfsWrites,
  targetWatch,
  vectorGuest,
  xapiLimits,
  xapiSums,
  xlFreemem,
  xlNeed,
];
