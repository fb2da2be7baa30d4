/** Refuses cases that cannot be run or compared: contradicting settings, levels that never run, and equal cases. */
import { CONDITIONS, type Conditions } from "./conditions.js";
import type { ParsedStudy } from "./parse.js";
import type { Case } from "./plan.js";
import { isScript } from "./script.js";
import { SettingsError } from "./settings-error.js";
import type { StudyError } from "./source.js";
import { NATIVE, type Settings } from "./study.js";

const OF_REPLAY = ["vm", "policy", "headroomPercent", "floorPages", "windowMs"] as const;

/** @throws SettingsError: settings of one case that contradict each other */
export function refuseContradictions(settings: Settings): void {
  const { demand, workload } = settings;
  if (demand !== undefined && workload !== undefined) {
    throw new SettingsError("workload", `a demand is replayed, which is no workload: got ${workload}`);
  }
  const names = Object.keys(CONDITIONS) as (keyof Conditions)[];
  const ofPass = names.find((key) => settings[key] !== undefined && CONDITIONS[key].isOfWorkload);
  if (demand !== undefined && ofPass !== undefined) {
    throw new SettingsError(ofPass, "expected a workload with it, got a demand, which has no passes");
  }
  const ofNamed = [...names.filter((key) => CONDITIONS[key].isOfWorkload), "settleLimitMs" as const].find(
    (key) => settings[key] !== undefined,
  );
  if (ofNamed !== undefined && workload !== undefined && isScript(workload)) {
    throw new SettingsError(ofNamed, "expected a workload by name with it, got a script: its operations say when");
  }
  refuseOtherNative(settings, names);
  if (settings.hostReturnSeconds !== undefined && settings.hostTakenPages === undefined) {
    throw new SettingsError(
      "hostReturnSeconds",
      "expected hostTakenPages with it, got none: nothing could be returned",
    );
  }
  if (workload === "contended" && settings.hostTakenPages !== undefined) {
    throw new SettingsError("hostTakenPages", "workload contended takes the host's frames itself: one must go");
  }
  if (workload === "pressure" && settings.grantedPages !== undefined) {
    throw new SettingsError("grantedPages", "workload pressure limits the pages a call itself: one must go");
  }
  const alone = OF_REPLAY.find((key) => settings[key] !== undefined);
  if (demand === undefined && alone !== undefined) {
    throw new SettingsError(alone, "expected a demand with it, got none");
  }
}

/** Refuses what a command cannot be asked to do. */
function refuseOtherNative(settings: Settings, conditions: readonly (keyof Conditions)[]): void {
  const { engine, native } = settings;
  if (engine !== NATIVE) return;
  if (native === undefined) throw new SettingsError("engine", "expected native, the command, with it, got none");
  const other = (["demand", "build", ...conditions] as const).find((key) => settings[key] !== undefined);
  if (other !== undefined) {
    throw new SettingsError(other, "expected a workload without it for native: a script can set faults and tunables");
  }
}

/** Refuses a fraction that leaves a level out altogether: nothing would be known of it. */
export function refuseMissingLevels({ study, source }: ParsedStudy, cases: readonly Case[]): void {
  for (const { name, levels } of study.factors) {
    const missing = levels.find(({ label }) => !cases.some((one) => one.levels[name] === label));
    if (missing !== undefined) {
      const problem = `in one case of ${study.fraction} level ${missing.label} of ${name} is never run`;
      throw source.error(["fraction"], problem);
    }
  }
}

/**
 * Refuses two cases with the same id: they would be measured once, and compared with themselves.
 *
 * @param errorAt - makes the error of a level.
 */
export function refuseTwins(
  cases: readonly Pick<Case, "id" | "levels">[],
  errorAt: (factor: string, label: string, problem: string) => StudyError,
): void {
  const seen = new Map<string, Pick<Case, "id" | "levels">>();
  for (const one of cases) {
    const twin = seen.get(one.id);
    if (twin !== undefined) {
      const factor = Object.keys(one.levels).find((name) => one.levels[name] !== twin.levels[name]) as string;
      const label = one.levels[factor];
      throw errorAt(factor, label, `levels ${twin.levels[factor]} and ${label} make the same case`);
    }
    seen.set(one.id, one);
  }
}
