/** A name with the version that a program tells. */
import { spawnSync } from "node:child_process";

export function versioned(name: string, program: string, args: readonly string[] = ["--version"]): string {
  const { stdout } = spawnSync(program, args, { encoding: "utf8" });
  const [version] = /\d+\.\d+(\.\d+)?/.exec(stdout ?? "") ?? [];
  return version === undefined ? name : `${name} ${version}`;
}
