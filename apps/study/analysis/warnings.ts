/** Warns of what takes the worth from a study: doubtful settings; of times too few processes, much noise, a busy machine. */
import { LEAST_ROUNDS } from "../max-t.js";
import type { Environment } from "../results.js";
import type { Analysis } from "./analysis.js";
import { percentText } from "./figures.js";
import { IN_PASS } from "./findings.js";
import { PASSES } from "./runs.js";

/** A floor from which on even large differences drown. */
const LOUD = 1.5;

export function warnings({ study, noise, timeEffects, environments, doubts }: Analysis): readonly string[] {
  const said = doubts.map((doubt) => `The study may not say what was meant: ${doubt}.`);
  if (!study.measures.includes("time")) return said;
  const rounds = Math.max(0, ...timeEffects.map(({ main }) => main.n));
  if (timeEffects.length > 0 && rounds < LEAST_ROUNDS) {
    said.push(
      `Too few processes: with ${rounds} a case no difference of time can be told from chance, however large. ${LEAST_ROUNDS} is the least.`,
    );
  }
  for (const pass of PASSES) {
    const floor = noise[pass]?.floor;
    if (floor !== undefined && floor.value >= LOUD) {
      said.push(
        `Very noisy ${IN_PASS[pass]}: equal cases come out up to ${percentText(floor.value - 1)} apart. Measure on a quiet machine.`,
      );
    }
  }
  const busy = environments.flatMap((environment) => busyLoads(environment));
  if (busy.length > 0) {
    const { cores } = environments[0];
    said.push(
      `The machine was busy: its load was up to ${Math.max(...busy)} on ${cores} cores. Times of such a machine say little.`,
    );
  }
  return said;
}

/** The loads of an environment beyond its cores. */
function busyLoads({ cores, loadAverage, loadAverageAtEnd }: Environment): readonly number[] {
  if (typeof cores !== "number") return [];
  const last = (loads: unknown): unknown => (Array.isArray(loads) ? loads[0] : null);
  // the study's own process is one
  return [last(loadAverage), last(loadAverageAtEnd)].filter(
    (load): load is number => typeof load === "number" && load > cores + 1,
  );
}
