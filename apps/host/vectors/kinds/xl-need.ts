/** Libxl's sum of the memory that a domain needs at its start. */
import { type DomainConfig, needMemoryKib, shadowKib } from "xen-balloon/core";
import { numberAt, type Plain, ShapeError } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";

const TYPES = ["pv", "hvm", "pvh"] as const;

export const xlNeed: VectorKind = {
  policy: "xl",
  knows: (entry) => "need_memkb" in entry && "shadow_memkb" in entry,

  run(entry) {
    const config = configOf(entry);
    return [
      ...differences("shadow_memkb", entry.shadow_memkb, shadowKib(config)),
      ...differences("need_memkb", entry.need_memkb, needMemoryKib(config)),
    ];
  },
};

function configOf(entry: Plain): DomainConfig {
  const at = (field: string): number => numberAt(field, entry[field]);
  const type = TYPES.find((candidate) => candidate === entry.type);
  if (type === undefined) throw new ShapeError("type", TYPES.join(", "), entry.type);
  return {
    type,
    memoryKib: at("target_memkb"),
    maxmemKib: at("max_memkb"),
    vcpus: at("vcpus"),
    hap: entry.hap === true,
    stubDomain: entry.stubdomain === true ? { memoryKib: at("stubdomain_memkb"), videoKib: at("video_memkb") } : null,
  };
}
