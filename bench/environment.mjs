// What a figure was measured on: printed above every table and kept in every result file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

const root = new URL("..", import.meta.url);

function quietly(read) {
  try {
    return read().trim();
  } catch {
    return "unknown";
  }
}

const git = (...args) => quietly(() => execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }));
const sha256 = (file) =>
  createHash("sha256")
    .update(readFileSync(new URL(file, root)))
    .digest("hex");

export function environment() {
  const pkg = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  return {
    date: new Date().toISOString(),
    version: pkg.version,
    commit: git("rev-parse", "HEAD"),
    dirty: git("status", "--porcelain") !== "",
    wasm: { "balloon.wasm": sha256("build/balloon.wasm"), "xen.wasm": sha256("build/xen.wasm") },
    asc: pkg.devDependencies.assemblyscript,
    node: process.version,
    v8: process.versions.v8,
    execArgv: process.execArgv,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    transparentHugePages: quietly(() => readFileSync("/sys/kernel/mm/transparent_hugepage/enabled", "utf8")),
    timerGrainNs: timerGrainNs(),
    loadAverage: loadavg(),
  };
}

/** The smallest step that the clock was seen to make. */
function timerGrainNs() {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 1000; i++) {
    const begun = performance.now();
    let now = begun;
    while (now === begun) now = performance.now();
    least = Math.min(least, now - begun);
  }
  return Math.round(least * 1e6);
}
