/** Tells which generation of the driver a kernel has. */
import { countPages } from "xen-balloon/core";
import { release } from "./fact-kinds.js";
import type { Facts } from "./facts.js";
import type { BootFigures } from "./layout.js";

/** The driver of a kernel: `modern` from 5.15 on, where it has its thread; `between` from 4.3 on; else that of 2013. */
export interface KernelDriver {
  readonly generation: "2013" | "between" | "modern";
  readonly line: number;
  /** The kernel, as its banner names it, or how its line proves what it is. */
  readonly kernel: string;
}

/** The driver's rewrite for hotplug and loans was in 4.3 and 4.4, its thread came with 5.15. */
const REWRITTEN = release(4, 3);
const WITH_THREAD = release(5, 15);

/** Undefined without a banner and without a line that only such a kernel prints. */
export function driverOf({ banner, platform }: Facts): KernelDriver | undefined {
  const [first] = banner;
  if (first !== undefined) {
    const { text, release: number } = first.value;
    const generation = number >= WITH_THREAD ? "modern" : number >= REWRITTEN ? "between" : "2013";
    return { generation, line: first.line, kernel: `Linux ${text}` };
  }
  const late = platform.find(({ value }) => value.since >= WITH_THREAD);
  return late && { generation: "modern", line: late.line, kernel: "a line of Linux 5.17 or later" };
}

/** Says which driver a script has, where it is not as old as the driver of 2013. */
export function driverNotes({ driver, extraRegions, holes, kernel, maxPfn, currentPages }: BootFigures): string[] {
  if (driver === undefined || driver.generation === "2013") return [];
  const { generation, line, kernel: name } = driver;
  if (generation === "between") {
    return [`line ${line}, ${name}: its driver lies between those of 2013 and of 7.0, and driver=2013 is assumed`];
  }
  const pages = kernel.domain.value === "hvm" && maxPfn && holes ? maxPfn.value - countPages(holes) : currentPages;
  const start = pages === undefined || extraRegions === undefined ? undefined : pages - countPages(extraRegions);
  const differs = start === undefined || start === currentPages ? "" : ` and starts with ${start} pages in a script`;
  return [
    `line ${line}, ${name}: driver=modern is proposed, as its driver has a thread; that driver is Linux 7.0-rc1's${differs}`,
  ];
}
