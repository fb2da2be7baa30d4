import { defineConfig, type ViteUserConfig } from "vitest/config";

// Tests the packed package: npm run test:package. It is separate because it installs bundlers and other runtimes.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/package/*.check.ts"],
    globalSetup: "test/package/install.ts",
    reporters: ["default", "./test/support/matrix.ts"],
    testTimeout: 120_000,
    // several bundlers build before the first page is opened
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});

export default config;
