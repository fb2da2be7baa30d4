/** qmemman's daemon over the vector guest: reports, requests and wishes, every write and mark. */
import { type DomainState, rebalance, requestMemory, SystemState, setMemory, type Wish } from "xen-balloon/core";
import { listAt, numberAt, type Plain, textAt } from "../../../shape.js";
import type { VectorKind } from "../kind.js";
import { commonOptions, domidAt, guestsOf, isTrajectory, playScript, type Step, sizeAt } from "../trajectory.js";
import { VectorHost, type Write } from "../vector-host.js";

/** memory/target is so much lower than what Xen counts for the guest. */
const UNSEEN_KIB = 16_384;

export const qmemmanDaemon: VectorKind = {
  policy: "qmemman",
  knows: (entry) => isTrajectory(entry, "xs_target"),

  run(entry) {
    const guests = guestsOf(entry);
    const host = new VectorHost({
      totalKib: numberAt("total_kib", entry.total_kib),
      guests: guests.map(commonOptions),
      targetOffsetKib: UNSEEN_KIB,
      keysKept: ["memory/target", "memory/static-max"],
    });
    for (const guest of guests) writeKeys(host, guest);
    const state = new SystemState(host);
    state.readDomains();
    return playScript(
      entry,
      host,
      (step) => perform(host, state, step),
      (result) => ({ result, writes: toldOf(host.takeWrites()), after: after(host, state) }),
    );
  },
};

/** Writes the keys that a guest has from the start. */
function writeKeys({ store }: VectorHost, guest: Plain): void {
  const domid = domidAt("domid", guest.domid);
  const maxKib = sizeAt("static_max_kib", guest.static_max_kib);
  if (guest.xs_target === true) {
    store.write(domid, "memory/target", String(numberAt("actual_kib", guest.actual_kib) - UNSEEN_KIB));
  }
  if (maxKib !== undefined) {
    store.write(domid, guest.hotplug === true ? "memory/hotplug-max" : "memory/static-max", String(maxKib));
  }
}

/** Does a step of a script. */
function perform(host: VectorHost, state: SystemState, [name, first, second]: Step): unknown {
  switch (name) {
    case "meminfo":
      return report(host, state, domidAt("meminfo", first), undefined);
    case "report":
      return report(host, state, domidAt("report", first), textAt("report", second));
    case "request":
      return host.drive(requestMemory(state, numberAt("request", first))) === null;
    case "setmem":
      return host.drive(setMemory(state, wishesAt(first)));
    case "static":
      host.store.write(domidAt("static", first), "memory/static-max", String(numberAt("static", second)));
      return null;
    default:
      return undefined;
  }
}

/** Writes memory/meminfo, and lets the daemon balance. @param text - default: what the guest uses */
function report(host: VectorHost, state: SystemState, domid: number, text: string | undefined): null {
  const meminfo = text ?? String(host.guest(domid).usedKib);
  host.store.write(domid, "memory/meminfo", meminfo);
  state.report(domainOf(state, domid), meminfo);
  host.drive(rebalance(state));
  return null;
}

function domainOf(state: SystemState, domid: number): DomainState {
  const domain = state.find(domid);
  if (domain === undefined) throw new RangeError(`domid: expected a guest of the case, got ${domid}`);
  return domain;
}

function wishesAt(value: unknown): readonly Wish[] {
  return listAt("setmem", value, "wishes").map((wish) => {
    const [domid, bytes] = listAt("setmem", wish, "a domid and bytes");
    return { domid: domidAt("setmem", domid), bytes: numberAt("setmem", bytes) };
  });
}

/** Puts the writes of a target together: [t, domid, target, maxmem], and memory/static-max where it follows. */
function toldOf(writes: readonly Write[]): unknown[] {
  const told: (string | number)[][] = [];
  let maxmemKib = Number.NaN;
  for (const { tMs, domid, key, value } of writes) {
    const kib = Number(value);
    if (key === "maxmem") maxmemKib = kib;
    else if (key === "memory/target") told.push([tMs, String(domid), kib, maxmemKib]);
    else told.at(-1)?.push(kib);
  }
  return told;
}

function after(host: VectorHost, state: SystemState): Plain {
  const guests = host.guests.map(({ domid, actualKib }) => {
    const { lastTargetBytes, noProgress, slow } = domainOf(state, domid);
    const target = host.store.read(domid, "memory/target");
    return [
      domid,
      {
        actual_kib: actualKib,
        xs_target_kib: target === undefined ? null : Number(target),
        last_target: lastTargetBytes,
        no_progress: noProgress,
        slow,
      },
    ];
  });
  return { t_ms: host.nowMs, free_kib: host.freeKib, guests: Object.fromEntries(guests) };
}
