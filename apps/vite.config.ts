import { execFileSync } from "node:child_process";
import { defineConfig, type UserConfig } from "vite";
import { PACKAGE_SOURCES } from "./package-sources.js";

/**
 * Bundles the command and the scripts it starts with all their dependencies, so that a user who embeds the package
 * installs nothing else. The package's own files are in it, too: Node reads one file faster than eighty. All files are
 * in one folder, where a script looks for the scripts it starts; it lies as deep as dist/load, whose code looks for the
 * Wasm files from there.
 */
const config: UserConfig = defineConfig({
  logLevel: "warn",
  define: {
    // Piscina's files are CommonJS, and expect its worker beside them
    __dirname: "import.meta.dirname",
    BUILT_FROM: JSON.stringify(builtFrom()),
  },
  resolve: { alias: PACKAGE_SOURCES },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: "../dist/cli",
    emptyOutDir: true,
    target: "node20",
    // of all that is inside
    license: { fileName: "licenses.md" },
    rollupOptions: {
      input: {
        main: "cli/main.ts",
        parts: "parts.ts",
        "exact-thread": "study/exact-thread.ts",
        "host-thread": "host/host-thread.ts",
        "timed-process": "study/timed-process.ts",
        worker: "../node_modules/piscina/dist/worker.js",
      },
      external: [/^node:/, "bullmq", "ioredis", "@napi-rs/nice"],
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});

/** The commit that is built; unknown where the sources are in no repository. */
function builtFrom(): { commit: string; dirty: boolean | "unknown" } {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
  try {
    return { commit: git("rev-parse", "HEAD"), dirty: git("status", "--porcelain") !== "" };
  } catch {
    return { commit: "unknown", dirty: "unknown" };
  }
}

export default config;
