/** A host of simple guests for the tests of policies: guests with keys, and requests to start others. */
import type { Reason, StartRequest } from "xen-balloon/toolstack";
import type { VectorGuestOptions } from "../../apps/host/vectors/vector-guest.js";
import { VectorHost, type VectorHostOptions } from "../../apps/host/vectors/vector-host.js";

/** Keys of a domain and their values, by name: `memory/target`. */
type Keys = Readonly<Record<string, string | number>>;

/** A guest and the keys of its node, below /local/domain/N. */
export interface KeyedGuest extends Partial<VectorGuestOptions> {
  readonly domid: number;
  readonly actualKib: number;
  readonly keys?: Keys;
}

/** Makes a host in pages; guests move at 1 GiB a second, down to nothing. */
export function policyHost(
  options: Omit<VectorHostOptions, "guests" | "inPages">,
  guests: readonly KeyedGuest[],
): VectorHost {
  const keysKept = ["memory/target", "memory/memory-offset", "memory/uncooperative"];
  const host = new VectorHost({
    keysKept,
    ...options,
    guests: guests.map(({ keys, ...guest }) => vectorGuest(guest)),
    inPages: true,
  });
  for (const { domid, keys = {} } of guests) {
    for (const [key, value] of Object.entries(keys)) host.store.write(domid, key, String(value));
  }
  return host;
}

/** The keys of a domain that squeezed can balloon. */
export function balloonKeys(dynamicMinKib: number, targetKib: number, dynamicMaxKib: number): Keys {
  return {
    "memory/target": targetKib,
    "memory/dynamic-min": dynamicMinKib,
    "memory/dynamic-max": dynamicMaxKib,
    "memory/memory-offset": 0,
    "control/feature-balloon": 1,
  };
}

/** The answer to a request. */
export type StartAnswer =
  | { readonly grantedKib: number; readonly domid: number; readonly atMs: number }
  | { readonly reason: Reason; readonly words: string; readonly atMs: number };

/** Asks to start a guest; the list gets the answer. */
export function askToStart(host: VectorHost, request: Partial<StartRequest>, domid: number): StartAnswer[] {
  const answers: StartAnswer[] = [];
  host.post({
    kind: "start",
    request: {
      name: "late",
      type: "hvm",
      memoryKib: 1_048_576,
      minimumKib: 1_048_576,
      maximumKib: 1_048_576,
      videoramKib: 0,
      vcpus: 1,
      grant: (grantedKib) => {
        host.introduce(vectorGuest({ domid, actualKib: grantedKib }));
        host.store.write(domid, "memory/target", String(grantedKib));
        answers.push({ grantedKib, domid, atMs: host.nowMs });
        return domid;
      },
      refuse: (reason, words) => answers.push({ reason, words, atMs: host.nowMs }),
      ...request,
    },
  });
  return answers;
}

/** Lists the writes of a policy since the last call: time, domid, key, value. */
export function writesOf(host: VectorHost): unknown[][] {
  return host.takeWrites().map(({ tMs, domid, key, value }) => [tMs, domid, key.replace("memory/", ""), value]);
}

function vectorGuest(guest: Partial<VectorGuestOptions> & { domid: number; actualKib: number }): VectorGuestOptions {
  return { usedKib: 0, minFreeKib: 0, rateKibPerS: 1_048_576, kind: "ideal", ...guest };
}
