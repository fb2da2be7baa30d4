/** Nobody balloons: the plain end of the scale of policies. */
import { nextEvent, type Policy, type Task } from "../policy.js";
import type { Xen } from "../xen.js";
import { needMemoryKib } from "./xl/need-memory.js";

/**
 * Makes the policy in which every guest keeps what it started with. A start succeeds if its memory, and what Xen needs for
 * it, is free: xl with autoballoon off.
 *
 * @example
 * const policy = keep();
 */
export function keep(): Policy {
  return { name: "keep", run };
}

function* run(xen: Xen): Task {
  for (const { domid } of xen.domains()) xen.explain(domid, "demand-unseen");
  for (;;) {
    const event = yield* nextEvent();
    if (event?.kind === "introduced") xen.explain(event.domid, "demand-unseen");
    if (event?.kind !== "start") continue;
    const { request } = event;
    const needKib = needMemoryKib({ ...request, maxmemKib: request.maximumKib });
    if (needKib <= xen.freeKib) request.grant(request.memoryKib);
    else request.refuse("host-empty", `${needKib} KiB needed, ${xen.freeKib} KiB free`);
  }
}
