import { defineConfig, type UserConfig } from "vite";

/**
 * The command and what it starts, with all that they need: whoever installs the package to embed it installs nothing
 * else. All files stand in one folder, where those that start others look for them.
 */
const config: UserConfig = defineConfig({
  logLevel: "warn",
  // Piscina's files are CommonJS, and look for its worker beside themselves
  define: { __dirname: "import.meta.dirname" },
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
        "timed-process": "study/timed-process.ts",
        worker: "../node_modules/piscina/dist/worker.js",
      },
      external: [/^xen-balloon/, /^node:/, "bullmq", "ioredis", "@napi-rs/nice"],
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});

export default config;
