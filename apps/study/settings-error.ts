/** The error of settings that cannot be run. */
import type { Settings } from "./study.js";

/** Settings that contradict each other. `key` is the one that is refused. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly key: keyof Settings;

  constructor(key: keyof Settings, problem: string) {
    super(`${key}: ${problem}`);
    this.key = key;
  }
}
