/** Qubes' qmemman as a policy: its life from event to event (qubes/tools/qmemmand.py). */
import { nextEvent, type Policy, type StartRequest, type Task } from "../../policy.js";
import type { Xen } from "../../xen.js";
import { MIB } from "./constants.js";
import { rebalance } from "./rebalance.js";
import { requestMemory } from "./request.js";
import { SystemState } from "./system-state.js";

/** The domain that emulates devices for an HVM guest (stubdom-mem of a Linux one), and its video memory. */
const STUB_DOMAIN_BYTES = (128 + 16) * MIB;

/** Xen's tables for a domain, for each of its virtual CPUs, and for each MiB of its maximum. */
const OVERHEAD_BYTES = 4 * MIB;
const OVERHEAD_PER_VCPU_BYTES = 1.5 * MIB;
const OVERHEAD_PER_MIB_BYTES = 8192;

/**
 * Makes Qubes' qmemman: it balances at each report of a guest's memory in use, and at each coming and going of a domain.
 * A guest that does not write memory/meminfo is left as it is. Each write must come as an event, the first one too.
 *
 * @example
 * const policy = qmemman();
 */
export function qmemman(): Policy {
  return { name: "qmemman", run };
}

function* run(xen: Xen): Task {
  const state = new SystemState(xen);
  // a start changes the list of domains; the daemon reads it before the next report, or when it hears of the change
  let listIsOld = false;
  yield* domainsChanged(state);
  for (;;) {
    const event = yield* nextEvent();
    switch (event?.kind) {
      case "introduced":
      case "released":
        yield* domainsChanged(state);
        break;
      case "meminfo":
        if (listIsOld) state.readDomains();
        listIsOld = false;
        yield* hear(state, event.domid);
        break;
      case "start":
        yield* start(state, event.request);
        listIsOld = true;
        break;
    }
  }
}

/** Reads the list of domains, and balances. */
function* domainsChanged(state: SystemState): Task {
  state.readDomains();
  yield* rebalance(state);
}

/** Takes what a domain reported, and balances. An empty key is no report; nor is that of a domain that is gone. */
function* hear(state: SystemState, domid: number): Task {
  const meminfo = state.xen.store.read(domid, "memory/meminfo");
  const domain = state.find(domid);
  if (!meminfo || domain === undefined) return;
  state.report(domain, meminfo);
  yield* rebalance(state);
}

/** Frees memory for a guest and starts it, or refuses it. Nothing else happens until the guest is there. */
function* start(state: SystemState, request: StartRequest): Task {
  const reason = yield* requestMemory(state, neededToStart(request));
  if (reason === null) request.grant(request.memoryKib);
  else request.refuse(reason, `Not enough memory to start domain '${request.name}'`);
}

/** The memory that Qubes asks for before it starts a guest, in bytes (qubes/vm/qubesvm.py, request_memory). */
function neededToStart({ memoryKib, maximumKib, vcpus, type }: StartRequest): number {
  const stubDomain = type === "hvm" ? STUB_DOMAIN_BYTES : 0;
  const tables = type === "pv" ? 0 : (maximumKib / 1024) * OVERHEAD_PER_MIB_BYTES;
  return Math.trunc(memoryKib * 1024 + stubDomain + OVERHEAD_BYTES + vcpus * OVERHEAD_PER_VCPU_BYTES + tables);
}
