/** Xapi's squeezed as a policy: a balance every ten seconds, and memory for VMs that start. */
import { nextEvent, type Policy, type StartRequest, type Task } from "../../policy.js";
import { vmOverheadMib } from "../../xapi-memory.js";
import type { Reason, Xen } from "../../xen.js";
import { type Answer, balanceMemory, freeMemoryRange, isUnbalanced } from "./free-memory.js";
import { XenLayer } from "./xen-layer.js";

/** The wait from the end of one check to the next (balance-check-interval). */
export const BALANCE_CHECK_INTERVAL_MS = 10_000;

const KIB_PER_MIB = 1024;
const KIB_PER_PAGE = 4;

/**
 * Makes xapi's squeezed. Xapi's part of a start (xenopsd) is in it. It shares memory by the domains' dynamic ranges and
 * never looks at what their processes use.
 *
 * @example
 * const policy = squeezed();
 */
export function squeezed(): Policy {
  return { name: "squeezed", run };
}

function* run(xen: Xen): Task {
  const layer = new XenLayer(xen);
  for (;;) {
    yield* serveRequests(layer, BALANCE_CHECK_INTERVAL_MS);
    if (yield* isUnbalanced(layer)) yield* balanceMemory(layer);
  }
}

/** Lets the time pass, and serves who asks meanwhile: a request may overrun it. */
function* serveRequests(layer: XenLayer, ms: number): Task {
  const { xen } = layer;
  const endMs = xen.nowMs + ms;
  while (xen.nowMs < endMs) {
    const event = yield* nextEvent(endMs - xen.nowMs);
    if (event?.kind === "start") yield* start(layer, event.request);
  }
}

function* start(layer: XenLayer, request: StartRequest): Task {
  const { xen } = layer;
  const overheadKib = KIB_PER_MIB * overheadMibOf(request);
  const answer = yield* freeMemoryRange(layer, request.minimumKib + overheadKib, request.memoryKib + overheadKib);
  if (answer.kind !== "freed") {
    request.refuse(reasonOf(answer, xen), wordsOf(answer));
    return;
  }
  // one start is served at a time, so that its name is enough to tell its reservation; xenopsd's wait for Xen to scrub the
  // memory would end at once, because the reserve is more than a look leaves to be scrubbed
  layer.reserve(request.name, answer.kib);
  const domid = request.grant(wholePages(answer.kib - overheadKib));
  const domain = xen.domain(domid);
  if (domain === undefined) throw new RangeError(`grant: expected the domid of a domain, got ${domid}`);
  layer.transferReservation(request.name, domain);
}

function overheadMibOf({ type, maximumKib, vcpus }: StartRequest): number {
  return vmOverheadMib({ type, staticMaxMib: Math.ceil(maximumKib / KIB_PER_MIB), vcpus, shadowMultiplier: 1 });
}

type Failure = Exclude<Answer, { kind: "freed" }>;

function reasonOf(answer: Failure, xen: Xen): Reason {
  if (answer.kind === "refused" && answer.wouldDo) return "stuck-donor";
  const hasDriver = xen.domains().some(({ domid }) => xen.store.read(domid, "control/feature-balloon") !== undefined);
  return hasDriver ? "floor" : "host-empty";
}

/** The errors of xapi. */
function wordsOf(answer: Failure): string {
  if (answer.kind === "refused") return `VMS_FAILED_TO_COOPERATE: domid ${answer.domids.join(", ")}`;
  return `HOST_NOT_ENOUGH_FREE_MEMORY: ${answer.requiredKib} KiB needed, ${answer.freeKib} KiB free`;
}

function wholePages(kib: number): number {
  return Math.floor(kib / KIB_PER_PAGE) * KIB_PER_PAGE;
}
