import { defineConfig, type UserConfig } from "vite";
import packageJson from "../../package.json" with { type: "json" };

const config: UserConfig = defineConfig({
  // served from anywhere
  base: "./",
  logLevel: "warn",
  define: { PACKAGE_VERSION: JSON.stringify(packageJson.version) },
  worker: { format: "es" },
  build: { outDir: "../../dist/laboratory", emptyOutDir: true, assetsInlineLimit: 0, target: "es2023" },
});

export default config;
