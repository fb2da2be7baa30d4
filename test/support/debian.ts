/** Programs that tests need and npm does not have: Debian's packages bring them where CI=true. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * @param program - its file.
 * @param packages - which bring it.
 * @param what - is skipped without it; said once.
 * @returns whether it is there in the end.
 */
export function ensureProgram(program: string, packages: readonly string[], what: string): boolean {
  if (existsSync(program)) return true;
  if (process.env.CI === "true") {
    const apt = (...args: string[]): Buffer =>
      execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"] });
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...packages);
    return existsSync(program);
  }
  console.log(`no ${program}: ${what} is skipped; CI=true installs ${packages.join(" and ")}`);
  return false;
}
