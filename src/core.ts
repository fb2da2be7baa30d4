/**
 * The synchronous world under the API: machines of either engine, one guest on a virtual clock, scripts and the
 * outcomes of their operations; and the transport by which a thread serves any object. The command, the studies and the laboratory are built on it. Its names may change with
 * any version; programs should use `xen-balloon`.
 *
 * @module xen-balloon/core
 */
export { Emitter } from "./api/events.js";
export { drive } from "./clock/drive.js";
export { Mutex } from "./clock/mutex.js";
export { type Budget, drain, type Pause, SETTLE_WITHIN_MS } from "./clock/scheduler.js";
export { WasmMachine } from "./engine/machine.js";
export { BUILD } from "./generated/build.js";
export { ArgumentRangeError, ArgumentTypeError, problemOf } from "./host/argument-error.js";
export {
  type DriverStats,
  type GuestBackend,
  type GuestConfig,
  type GuestState,
  INVALID_ENTRY,
  type Kernel,
  type MachineBackend,
  type MachineFactory,
  PAGE_BYTES,
  type Region,
  type WorkerState,
} from "./host/backend.js";
export {
  completeGuestConfig,
  completeWorldConfig,
  type WorldConfig,
  type WorldOptions,
} from "./host/config.js";
export { FAULTS, type FaultName } from "./host/faults.js";
export type { Generation } from "./host/generation.js";
export { XENMEM_POPULATE_PHYSMAP } from "./host/hypercall.js";
export type { Shortage } from "./host/hypercall-observer.js";
export { U32_MAX } from "./host/integers.js";
export { backedPages } from "./host/memory-map.js";
export { MAX_REGIONS } from "./host/options/limits.js";
export type { Option } from "./host/options/option.js";
export { tellOption } from "./host/options/words.js";
export { WORLD_OPTIONS } from "./host/options/world-options.js";
export { type Random, randomByRemainder, randomByScaling } from "./host/random.js";
export { refusalReason } from "./host/refusals.js";
export { countPages, gaps, pagesFrom, withoutFirst } from "./host/regions.js";
export type { Saved } from "./host/saved.js";
export { shuffle } from "./host/shuffle.js";
export type { Tunables } from "./host/stats-types.js";
export { messageOf } from "./host/thrown.js";
export { TUNABLES } from "./host/tunables.js";
export { ReferenceMachine } from "./reference/machine.js";
export { Account } from "./scenario/account.js";
export { CONFIG_KEYS, type ConfigKey, type ConfigValues, writeConfig } from "./scenario/config-lines.js";
export { choice, type Form, integer, quote } from "./scenario/forms.js";
export { operationForm, scriptHelp } from "./scenario/help.js";
export { type Booted, Interpreter, type Outcome } from "./scenario/interpreter.js";
export { OPERATIONS, type Operation, parseOperation } from "./scenario/operation.js";
export { cancelledAfter, extentsOfAsked, failedAddMemory, nextTry, shortageWords } from "./scenario/outcome-words.js";
export { formatPages, formatSize, formatTime, grouped, plural } from "./scenario/quantity.js";
export { tellScript, timeScript, traceScript, traceStates } from "./scenario/run.js";
export { parseScript, type Script, type Step } from "./scenario/script.js";
export { ScriptError } from "./scenario/script-error.js";
export { checkHost, MOST_KIB } from "./toolstack/check-host.js";
export {
  bandNs,
  type CostBand,
  type CostGrade,
  type ScrubCost,
  scrubNs,
  type TimeBand,
  VIRTIO_4K,
  VIRTIO_SUPERPAGE,
  type VirtioCost,
  virtioDeflateNs,
  virtioInflateNs,
  XEN_BAND,
  XEN_HVM_POD,
  XEN_SCRUB,
  type XenCost,
  type XenPages,
  xenDeflateNs,
  xenInflateNs,
} from "./toolstack/cost.js";
export { BalloonWatch, type WatchGeneration } from "./toolstack/guest/balloon-watch.js";
export { figuresOf, MeminfoWriter, swapinfoText } from "./toolstack/guest/meminfo-writer.js";
export { pagesOfTarget, pagesOfTargetKb, type SysfsDriver, sysfsFiles } from "./toolstack/guest/sysfs.js";
export { everyGuest, firstGuests } from "./toolstack/guest-lists.js";
export { DEFAULT_SPAN_MS, DEFAULT_US_PER_PAGE, Host } from "./toolstack/host.js";
export type { HostListener } from "./toolstack/host-listener.js";
export { completePressure } from "./toolstack/memory-use.js";
export { balance, balanceEnough, sumUp } from "./toolstack/policies/qmemman/balance.js";
export { balloon } from "./toolstack/policies/qmemman/balloon.js";
export {
  type BalancedDomain,
  neededBytes,
  parseMeminfo,
  preferredBytes,
  type Target,
} from "./toolstack/policies/qmemman/domain.js";
export { rebalance } from "./toolstack/policies/qmemman/rebalance.js";
export { requestMemory } from "./toolstack/policies/qmemman/request.js";
export { setMemory, type Wish } from "./toolstack/policies/qmemman/set-mem.js";
export { type DomainState, SystemState } from "./toolstack/policies/qmemman/system-state.js";
export {
  AS_SHIPPED,
  type BalloonDomain,
  hasHitTarget,
  hostOf,
  minFreeable,
  type TestSwitches,
} from "./toolstack/policies/squeezed/ballooning.js";
export {
  type Answer,
  balanceMemory,
  freeMemory,
  freeMemoryRange,
  isUnbalanced,
} from "./toolstack/policies/squeezed/free-memory.js";
export { isHostMemoryUnbalanced, oneIteration } from "./toolstack/policies/squeezed/iteration.js";
export { BALANCE_CHECK_INTERVAL_MS } from "./toolstack/policies/squeezed/squeezed.js";
export { Stuckness } from "./toolstack/policies/squeezed/stuckness.js";
export { computeTargetAdjustments } from "./toolstack/policies/squeezed/targets.js";
export { XenLayer } from "./toolstack/policies/squeezed/xen-layer.js";
export { freemem } from "./toolstack/policies/xl/freemem.js";
export {
  type MemoryRefused,
  type MemorySet,
  memMax,
  memSet,
  type SetMemory,
} from "./toolstack/policies/xl/memory-target.js";
export { type DomainConfig, needMemoryKib, type StubDomain, shadowKib } from "./toolstack/policies/xl/need-memory.js";
export { type GuestSample, type HostSample, SLICES } from "./toolstack/time-line.js";
export {
  areLimitsPinned,
  areLimitsValid,
  type MemoryLimits,
  resetLimits,
  transformLimits,
  type VmMemory,
  type VmSums,
  vmOverheadMib,
  vmSums,
} from "./toolstack/xapi-memory.js";
export { XenStore } from "./toolstack/xenstore.js";
export { Connection } from "./worker/transport/connection.js";
export { delegate, type Methods } from "./worker/transport/delegate.js";
export { ROOT } from "./worker/transport/protocol.js";
export type { ErrorTypes } from "./worker/transport/sent-error.js";
export { Server } from "./worker/transport/server.js";
export { serveConnections, watchWorker } from "./worker/transport/web-worker.js";
export type { Census, CensusRange, PageState } from "./world/census.js";
export type { WorldGuest } from "./world/guest.js";
export { NumberStack } from "./world/number-stack.js";
export type { GuestObserver } from "./world/observer.js";
export { VirtualWorld } from "./world/world.js";
