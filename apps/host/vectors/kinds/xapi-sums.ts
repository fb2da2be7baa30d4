/** Xapi's sums for a whole VM. */
import { vmSums } from "xen-balloon/core";
import type { DomainType } from "xen-balloon/toolstack";
import { ShapeError, textAt } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";

/** The names of xapi's models. */
const TYPES: ReadonlyMap<string, DomainType> = new Map([
  ["HVM", "hvm"],
  ["Linux(PV)", "pv"],
  ["PVinPVH", "pv-in-pvh"],
]);

const ARGUMENTS = /^(\S+) static_max=(\d+) video=(\d+) target=(\d+) vcpus=(\d+) mult=(\d+(?:\.\d+)?)$/;

export const xapiSums: VectorKind = {
  knows: ({ fn }) => fn === "full_config",

  run({ fn, args, name, ...expected }) {
    const [, model = "", ...numbers] = ARGUMENTS.exec(textAt("args", args)) ?? [];
    const type = TYPES.get(model);
    const [staticMaxMib = 0, videoMib = 0, targetMib = 0, vcpus = 0, shadowMultiplier = 0] = numbers.map(Number);
    if (type === undefined) throw new ShapeError("args", `${[...TYPES.keys()].join(", ")} and its sizes`, args);
    const sums = vmSums({ type, staticMaxMib, videoMib, targetMib, vcpus, shadowMultiplier });
    return differences("sums", expected, {
      build_max_mib: sums.buildMaxMib,
      build_start_mib: sums.buildStartMib,
      xen_max_mib: sums.xenMaxMib,
      shadow_mib: sums.shadowMib,
      required_host_free_mib: sums.requiredHostFreeMib,
      overhead_mib: sums.overheadMib,
      build_claim_pages: sums.buildClaimPages,
    });
  },
};
