/** Exports parts of the applications for the benchmarks and for tests of the built package. */
export { machineFactory } from "./engines.js";
export { environment } from "./study/environment.js";
export { ExactPool, runInPool } from "./study/exact-pool.js";
export { workOnQueue } from "./study/queue/work-on-queue.js";
export { rehearse } from "./study/rehearsal.js";
export { silentObserver } from "./study/silent-observer.js";
export { Stand } from "./study/stand.js";
export { bootstrapMedian, logLogSlope, median } from "./study/statistics.js";
export { WORKLOADS } from "./study/workloads.js";
export { alignColumns } from "./table.js";
