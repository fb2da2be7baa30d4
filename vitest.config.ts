import { defineConfig } from "vitest/config";

export default defineConfig({
  // one core fewer would be the default: half of two
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, maxWorkers: "100%" },
});
