/** Xl with autoballoon as a policy: dom0 gives when a domain starts, and nobody ever gets anything back. */
import { nextEvent, type Policy, type StartRequest, type Task } from "../../policy.js";
import type { Reason, Xen } from "../../xen.js";
import { type Freed, freemem } from "./freemem.js";
import { needMemoryKib } from "./need-memory.js";

const REASONS: Readonly<Record<Exclude<Freed, "freed">, Reason>> = {
  "no-dom0": "host-empty",
  "dom0-minimum": "floor",
  "dom0-stuck": "stuck-donor",
  "out-of-credit": "host-empty",
};

/**
 * Makes xl create with autoballoon on: it starts one domain after the other, and does nothing else.
 *
 * @example
 * const policy = xl();
 */
export function xl(): Policy {
  return { name: "xl", run };
}

function* run(xen: Xen): Task {
  for (const { domid } of xen.domains()) xen.explain(domid, "demand-unseen");
  for (;;) {
    const event = yield* nextEvent();
    if (event?.kind === "introduced") xen.explain(event.domid, "demand-unseen");
    if (event?.kind === "start") yield* start(xen, event.request);
  }
}

function* start(xen: Xen, request: StartRequest): Task {
  const needKib = needMemoryKib({ ...request, maxmemKib: request.maximumKib });
  const freed = yield* freemem(xen, needKib);
  if (freed === "freed") request.grant(request.memoryKib);
  else request.refuse(REASONS[freed], `failed to free memory for the domain: ${needKib} KiB needed (${freed})`);
}
