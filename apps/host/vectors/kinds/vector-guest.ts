/** The vector guest alone, with no policy: it moves as the scripts say. */
import { numberAt } from "../../../shape.js";
import type { VectorKind } from "../kind.js";
import { commonOptions, domidAt, guestsOf, isTrajectory, playScript, type Step, sizeAt } from "../trajectory.js";
import { VectorHost } from "../vector-host.js";

export const vectorGuest: VectorKind = {
  knows: (entry) => isTrajectory(entry, "max_kib") && isTrajectory(entry, "target_kib"),

  run(entry) {
    const guests = guestsOf(entry).map((guest) => {
      const maxmemKib = sizeAt("maxmem_kib", guest.maxmem_kib);
      const targetKib = numberAt("target_kib", guest.target_kib);
      return { ...commonOptions(guest), targetKib, ...(maxmemKib !== undefined && { maxmemKib }) };
    });
    const host = new VectorHost({ totalKib: numberAt("total_kib", entry.total_kib), guests });
    return playScript(
      entry,
      host,
      (step) => set(host, step),
      () => [host.nowMs, host.freeKib, ...host.guests.map((guest) => guest.actualKib)],
    );
  },
};

/** Sets a figure of a guest. */
function set(host: VectorHost, [name, domid, value]: Step): null | undefined {
  const guest = (): VectorHost["guests"][number] => host.guest(domidAt("domid", domid));
  const kib = (): number => sizeAt("value", value) ?? Number.POSITIVE_INFINITY;
  switch (name) {
    case "target":
      guest().targetKib = kib();
      return null;
    case "maxmem":
      guest().maxmemKib = kib();
      return null;
    case "max":
      guest().maxKib = kib();
      return null;
    case "used":
      guest().usedKib = kib();
      return null;
    default:
      return undefined;
  }
}
