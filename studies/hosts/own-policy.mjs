/**
 * A policy of one's own, for own-policy.yaml: each guest gets a quarter more than it has reported, within its limits.
 *
 * A policy is a module that exports `run`, a generator. It looks at the host through `xen` (the interface Xen of
 * xen-balloon/toolstack), writes memory/target, and yields each wait: `{ ms, forEvent }`. A wait for an event ends with
 * it: a guest has reported (meminfo), a domain has come or gone, or somebody wants to start a guest.
 */

/** Memory that is kept free, in KiB. */
const RESERVE_KIB = 65_536;

export function* run(xen) {
  for (;;) {
    const event = yield { ms: Number.POSITIVE_INFINITY, forEvent: true };
    if (event.kind === "meminfo") balance(xen, event.domid);
    if (event.kind === "start") answer(xen, event.request);
  }
}

/** Sets the target of a guest that has reported. */
function balance(xen, domid) {
  const read = (key) => Number(xen.store.read(domid, key) ?? 0);
  const wanted = Math.ceil(1.25 * read("memory/meminfo"));
  const within = Math.min(read("memory/dynamic-max"), Math.max(read("memory/dynamic-min"), wanted));
  const room = xen.domain(domid).totKib + Math.max(0, xen.freeKib - RESERVE_KIB);
  const kib = Math.floor(Math.min(within, room));
  xen.explain(domid, kib < within ? "host-empty" : null);
  xen.log(`domain ${domid} uses ${read("memory/meminfo")} KiB: target ${kib} KiB`);
  xen.setMaxmem(domid, kib + 1024);
  xen.store.write(domid, "memory/target", String(kib));
}

/** Starts a guest if there is room; others are not asked to give. */
function answer(xen, request) {
  if (xen.freeKib >= request.memoryKib + RESERVE_KIB) request.grant(request.memoryKib);
  else request.refuse("host-empty", `${xen.freeKib} KiB are free`);
}
