/** Describes the machine, the runtime and the build of a measurement: it stands in every results file and report. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { thisRuntime } from "xen-balloon/runtime";
import { hashOfBuild } from "./builds.js";
import type { Environment } from "./results.js";
import { timerGrainNs } from "./timer-grain.js";

/** From the bundler (vite.config.ts), so that a package that has no repository knows it too; sources do not have it. */
declare const BUILT_FROM: { readonly commit: string; readonly dirty: boolean | string } | undefined;

const root = new URL("../../", import.meta.url);
const CPU_FREQ = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
const HUGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
const UNKNOWN = "unknown";
/** In Node a step takes less than 1 µs. */
const TIMER_STEPS = 1000;

/** Collects the environment of this process; UNKNOWN stands where the system does not tell. */
export function environment(): Environment {
  const { version, devDependencies } = pkg();
  return {
    date: new Date().toISOString(),
    version,
    ...commit(),
    // other code of the same modules may time otherwise
    build: quietly(() => hashOfBuild(fileURLToPath(root))),
    wasm: wasm(),
    asc: devDependencies?.assemblyscript ?? UNKNOWN,
    ...thisRuntime(),
    execArgv: process.execArgv.join(" "),
    cpu: cpus()[0]?.model ?? UNKNOWN,
    cores: cpus().length,
    governor: read(CPU_FREQ),
    virtual: read("/proc/cpuinfo").includes(" hypervisor") || existsSync("/.dockerenv"),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    transparentHugePages: read(HUGE_PAGES),
    timerGrainNs: timerGrainNs(TIMER_STEPS),
    loadAverage: loadavg(),
  };
}

/** The id of this build: the same case of the same build has the same exact measures. */
export function buildId(): string {
  return buildOf({ version: pkg().version, wasm: wasm() });
}

/** The id of the build that was measured. */
export function buildOf({ version, wasm: files }: Environment): string {
  const hash = createHash("sha256")
    .update(JSON.stringify(files ?? null))
    .digest("hex");
  return `${String(version)}-${hash.slice(0, 12)}`;
}

function pkg(): { readonly version: string; readonly devDependencies?: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
}

function wasm(): Readonly<Record<string, string>> {
  return { "balloon.wasm": sha256("build/balloon.wasm"), "xen.wasm": sha256("build/xen.wasm") };
}

function quietly(ask: () => string): string {
  try {
    return ask().trim();
  } catch {
    return UNKNOWN;
  }
}

function read(file: string): string {
  return quietly(() => readFileSync(file, "utf8"));
}

/** The commit of the package's own repository, or the one that an installed package was built from. */
function commit(): { readonly commit: string; readonly dirty: boolean | string } {
  const head = git("rev-parse", "HEAD");
  if (head !== UNKNOWN) return { commit: head, dirty: git("status", "--porcelain") !== "" };
  if (typeof BUILT_FROM === "undefined") return { commit: UNKNOWN, dirty: UNKNOWN };
  return BUILT_FROM;
}

/** Asks git, but only in the package's own repository: an installed package lies in that of somebody else. */
function git(...args: readonly string[]): string {
  if (!existsSync(new URL(".git", root))) return UNKNOWN;
  return quietly(() => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }));
}

function sha256(file: string): string {
  return createHash("sha256")
    .update(readFileSync(new URL(file, root)))
    .digest("hex");
}
