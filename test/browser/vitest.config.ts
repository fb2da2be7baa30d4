import { defineConfig, type ViteUserConfig } from "vitest/config";

// The laboratory as it is served from the packed package, in browsers: npm run test:browser.
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/browser/*.check.ts"],
    globalSetup: "test/browser/serve.ts",
    reporters: ["default", "./test/support/matrix.ts"],
    testTimeout: 120_000,
    // a browser is slow to start beside others
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});

export default config;
