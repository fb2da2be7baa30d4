import { defineConfig } from "vitest/config";
import { PACKAGE_SOURCES } from "./apps/package-sources.js";

export default defineConfig({
  resolve: { alias: PACKAGE_SOURCES },
  // one core fewer would be the default: half of two
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, maxWorkers: "100%" },
});
