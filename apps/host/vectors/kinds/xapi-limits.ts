/** Xapi's rules for the five limits of a VM. */
import { areLimitsPinned, areLimitsValid, type MemoryLimits, resetLimits, transformLimits } from "xen-balloon/core";
import { ShapeError, textAt } from "../../../shape.js";
import { differences, type VectorKind } from "../kind.js";

export const xapiLimits: VectorKind = {
  knows: ({ fn }) => fn === "constraints",

  run({ fn, in: given, name, ...expected }) {
    const limits = limitsOf(textAt("in", given));
    const transformed = transformLimits(limits);
    return differences("answers", expected, {
      valid: areLimitsValid(limits),
      pinned: areLimitsPinned(limits),
      transform: transformed === null ? "None" : textOf(transformed),
      reset: textOf(resetLimits(limits)),
    });
  },
};

/** Reads `(static min,dynamic min,target,dynamic max,static max)`. */
function limitsOf(text: string): MemoryLimits {
  const numbers = /^\((\d+),(\d+),(\d+),(\d+),(\d+)\)$/.exec(text)?.slice(1).map(Number);
  if (numbers === undefined) throw new ShapeError("in", "five numbers", text);
  const [staticMin = 0, dynamicMin = 0, target = 0, dynamicMax = 0, staticMax = 0] = numbers;
  return { staticMin, dynamicMin, target, dynamicMax, staticMax };
}

function textOf({ staticMin, dynamicMin, target, dynamicMax, staticMax }: MemoryLimits): string {
  return `(${[staticMin, dynamicMin, target, dynamicMax, staticMax].join(",")})`;
}
